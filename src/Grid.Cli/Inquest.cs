namespace Grid.Cli;

/// <summary>What all workers together know of a job.</summary>
internal sealed class Inquest
{
    public Inquest(IReadOnlyList<Asked<JobExplanation>> answers)
    {
        Asked = answers.Count;
        var known = answers.Where(answer => answer.Answer is not null).Select(answer => (answer.Node, Answer: answer.Answer!)).ToList();
        Here = [.. known.SelectMany(answer => answer.Answer.Here)];

        // Several workers may have asked the submitter; it told all of them the same.
        Submitter = [.. known.FirstOrDefault(answer => answer.Answer.KnowsSubmitter).Answer?.Submitter ?? []];
        Events = [.. known.SelectMany(answer => answer.Answer.Events.Select(happened => new RecordedEvent(answer.Node.Name, happened)))
            .DistinctBy(recorded => (recorded.Event.At, recorded.Event.Text)).OrderBy(recorded => recorded.Event.At)];
        Silent = [.. answers.Where(answer => answer.Error is not null).Select(answer => $"{answer.Node.Name} was not heard: {answer.Error!.Message}")];
    }

    public int Asked { get; }

    public IReadOnlyList<string> Submitter { get; }

    public IReadOnlyList<string> Here { get; }

    public IReadOnlyList<RecordedEvent> Events { get; }

    public IReadOnlyList<string> Silent { get; }

    public bool IsKnown => Submitter.Count + Here.Count + Events.Count > 0;
}
