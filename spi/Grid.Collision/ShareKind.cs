namespace Grid.Collision;

/// <summary>Among whom <see cref="FairShare"/> divides the slots.</summary>
public enum ShareKind
{
    /// <summary>Tenants: <see cref="JobOptions.Tenant"/>.</summary>
    Tenant = 0,

    /// <summary>Pools: <see cref="JobOptions.Pool"/>.</summary>
    Pool = 1,
}
