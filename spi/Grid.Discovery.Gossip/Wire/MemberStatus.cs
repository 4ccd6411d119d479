namespace Grid.Discovery.Gossip.Wire;

/// <summary>What is said of a membership. Dead and Left are final: the process comes back under its next incarnation or not at all.</summary>
internal enum MemberStatus : byte
{
    Alive = 0,
    Suspect = 1,
    Dead = 2,
    Left = 3,
}
