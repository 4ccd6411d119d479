using Grid.Benchmarks;

// Usage: dotnet run -c Release --project tests/Grid.Benchmarks -- <suite> [options]
// A suite that needs a second process starts this program again with "--peer <role> ...".
return await MeasuredProcess.RunAsync(args).ConfigureAwait(false);
