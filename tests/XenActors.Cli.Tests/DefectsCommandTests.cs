using System.Text.Json;

namespace XenActors.Tests.Cli;

public sealed class DefectsCommandTests
{
    [Fact]
    public void Lists_all_defects_those_that_are_named_and_a_document()
    {
        var (code, output, _) = Command.Run("defects");
        Assert.Equal(0, code);
        Assert.Contains("blkback-double-fetch (blkback)", output);
        Assert.Contains("xenstored-lost-update (xenstored)", output);
        (code, output, _) = Command.Run("defects", "blkback-double-fetch");
        Assert.Equal(0, code);
        Assert.Contains("XSA-155", output);
        Assert.DoesNotContain("xenstored", output);
        (code, output, _) = Command.Run("defects", "--json", "blkback-double-fetch");
        Assert.Equal(0, code);
        Assert.Equal("blkback-double-fetch", Assert.Single(JsonDocument.Parse(output).RootElement.EnumerateArray()).GetProperty("name").GetString());
    }

    [Fact]
    public void Measures_how_soon_a_defect_is_found()
    {
        var (code, output, errors) = Command.Run("defects", "toolstack-leaks-nodes-on-destroy", "--measure", "--runs", "1", "--seeds", "100", "--no-shrink");

        Assert.Equal((0, ""), (code, errors));
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, lines.Length);
        Assert.StartsWith("| toolstack-leaks-nodes-on-destroy | toolstack | g8-accounting 1 | ", lines[2]);
    }

    [Theory]
    [InlineData("defects: there is no defect blkback-double-fetsch; did you mean blkback-double-fetch? (xenactors defects lists them)", "defects", "blkback-double-fetsch")]
    [InlineData("--mesure: unknown option", "defects", "--mesure")]
    [InlineData("--runs: '0' is not a whole number from 1 to 1000", "defects", "--measure", "--runs", "0")]
    public void What_it_does_not_know_it_names(string message, params string[] arguments)
    {
        var (code, output, errors) = Command.Run(arguments);
        Assert.Equal((2, "", message), (code, output, errors.Trim()));
    }
}
