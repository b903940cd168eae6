using Capstan.Browser.Tests;

[assembly: AssemblyFixture(typeof(BrowserFixture))]

// One browser, two cores.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
