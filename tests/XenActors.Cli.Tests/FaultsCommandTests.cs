using System.Text.Json;

namespace XenActors.Tests.Cli;

public sealed class FaultsCommandTests
{
    [Fact]
    public void Lists_the_kinds_one_kind_and_a_document()
    {
        var (code, output, _) = Command.Run("faults");
        Assert.Equal(0, code);
        Assert.Contains("  domain-pause      benign      ", output);
        (code, output, _) = Command.Run("faults", "event-storm");
        Assert.Equal(0, code);
        Assert.Contains("rate = 10000", output);
        Assert.Contains("XSA-332", output);
        (code, output, _) = Command.Run("faults", "--json", "disk-eio");
        Assert.Equal(0, code);
        Assert.Equal("disk-eio", JsonDocument.Parse(output).RootElement[0].GetProperty("name").GetString());
    }

    [Theory]
    [InlineData("faults: there is no kind of fault event-strom; did you mean event-storm? (xenactors faults lists them)", "faults", "event-strom")]
    [InlineData("--jsno: unknown option", "faults", "--jsno")]
    public void What_it_does_not_know_it_names(string message, params string[] arguments)
    {
        var (code, output, errors) = Command.Run(arguments);
        Assert.Equal((2, "", message), (code, output, errors.Trim()));
    }
}
