namespace Grid.Hosting;

/// <summary>Reads the section <c>Grid:Health</c>; the problems end up with the reader.</summary>
internal static class HealthOptionsReader
{
    public static HealthOptions Read(SettingsReader reader)
    {
        var defaults = new HealthOptions();
        return new HealthOptions
        {
            SuspectAfter = reader.ReadDuration("Health:SuspectAfter", defaults.SuspectAfter, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1)),
            StarvedAfter = reader.ReadDuration("Health:StarvedAfter", defaults.StarvedAfter, TimeSpan.Zero, TimeSpan.FromHours(1)),
            PoolDelayMax = reader.ReadDuration("Health:PoolDelayMax", defaults.PoolDelayMax, TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1)),
            EventsMax = reader.ReadNumber("Health:EventsMax", defaults.EventsMax, 16, 65_536),
        };
    }
}
