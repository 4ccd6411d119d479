namespace Grid.Serialization;

/// <summary>A hash table or sorted collection whose keys are put in when the whole graph is complete, because their hash codes may depend on it.</summary>
internal interface IDeferredFill
{
    void Fill();
}
