namespace Grid;

/// <summary>What a process thinks of a member as a place for jobs. The better ones are preferred; membership is another matter, which discovery decides.</summary>
public enum NodeCondition
{
    /// <summary>Nothing speaks against it.</summary>
    Well = 0,

    /// <summary>It is there, and says that its job lanes or its thread pool get nowhere. It is sent jobs only when no member that is well may run them.</summary>
    Starved = 1,

    /// <summary>It says that it cannot reach this process, which can reach it. It is sent jobs only when there is no better one.</summary>
    Cut = 2,

    /// <summary>This process cannot reach it. It is sent no jobs; those that wait there go elsewhere if they can.</summary>
    Suspect = 3,
}
