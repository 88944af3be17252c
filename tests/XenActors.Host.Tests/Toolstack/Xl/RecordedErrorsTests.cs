using XenActors.Toolstack.Xl;
using Xunit;

namespace XenActors.Tests.Toolstack.Xl;

/// <summary>Files given to <c>xl create -n</c> of Xen 4.17: what it printed, and its exit code.</summary>
public sealed class RecordedErrorsTests
{
    public static TheoryData<string> Files => [.. XlTestData.Names("recorded", "*.cfg")];

    [Fact]
    public void All_recordings_are_here() => Assert.Equal(RecordingCount, Files.Count);

    [Theory]
    [MemberData(nameof(Files))]
    public void Prints_what_xl_printed_and_ends_as_xl_ended(string file)
    {
        var result = DomainConfigParser.Parse(XlTestData.Read($"recorded/{file}"), file);

        var printed = "";
        foreach (var line in result.Diagnostics)
        {
            printed += line.Origin == DiagnosticOrigin.Xl ? line.Text + "\n" : "";
        }

        Assert.Equal(XlTestData.Read($"recorded/{Path.ChangeExtension(file, ".stderr")}"), $"{printed}[rc={result.ExitCode}]\n");
        Assert.Equal(result.ExitCode == 0, result.Config != null);
    }

    [Theory]
    [InlineData("bad-memory-string.cfg", "bad-memory-string.cfg:3:8: warning: parameter `memory' is not a valid number")]
    [InlineData("syntax-error.cfg", "syntax-error.cfg:2:6: config parsing error near `'bad9': lexical error")]
    [InlineData("syntax-error2.cfg", "syntax-error2.cfg:1:8: config parsing error near `\\\"quoted\\\"': lexical error")]
    [InlineData("bad-disk-mode.cfg", "bad-disk-mode.cfg:6:7: config parsing error in disk specification: unknown value for access: near `q' in `phy:/dev/loop5,xvda,q'")]
    [InlineData("bad-mac.cfg", "bad-mac.cfg:6:6: Invalid parameter `mac'.")]
    [InlineData("bad-onreboot.cfg", "bad-onreboot.cfg:6:11: Unknown on_reboot action \"explode\" specified")]
    public void Says_where_with_line_and_column(string file, string located)
    {
        var result = DomainConfigParser.Parse(XlTestData.Read($"recorded/{file}"), file);

        Assert.Equal(located, result.Diagnostics[0].Located);
    }

    [Fact]
    public void An_unknown_key_gets_one_line_of_ours()
    {
        var result = DomainConfigParser.Parse(XlTestData.Read("recorded/unknown-key.cfg"), "f");

        var ours = Assert.Single(result.Diagnostics, line => line.Origin == DiagnosticOrigin.XenActors);
        Assert.Equal("f:6: warning: unknown parameter `nosuchoption'; xl ignores it", ours.Text);
        Assert.Equal(DiagnosticSeverity.Warning, ours.Severity);
    }

    [Theory]
    [InlineData("vcpu=1", "f:2: warning: unknown parameter `vcpu'; xl ignores it, did you mean `vcpus'?")]
    [InlineData("on_powerof='destroy'", "f:2: warning: unknown parameter `on_powerof'; xl ignores it, did you mean `on_poweroff'?")]
    [InlineData("memroy=1", "f:2: warning: unknown parameter `memroy'; xl ignores it, did you mean `memory'?")]
    public void A_misspelt_key_gets_a_suggestion(string line, string warning)
    {
        var result = DomainConfigParser.Parse($"name='x'; kernel='k'\n{line}\n", "f");

        Assert.Equal(warning, Assert.Single(result.Diagnostics).Text);
        Assert.Equal(0, result.ExitCode);
    }

    private const int RecordingCount = 27;
}
