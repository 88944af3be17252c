using XenActors.Guest;

namespace XenActors.Tests.Guest;

public sealed class UnplugParameterTests
{
    [Theory]
    [InlineData("", 0u)]
    [InlineData("xen_emul_unplug=all", 7u)]
    [InlineData("xen_emul_unplug=ide-disks", 1u)]
    [InlineData("xen_emul_unplug=aux-ide-disks", 4u)]
    [InlineData("xen_emul_unplug=nics", 2u)]
    [InlineData("xen_emul_unplug=unnecessary", 1u << 16)]
    [InlineData("xen_emul_unplug=never", 1u << 17)]
    [InlineData("xen_emul_unplug=ide-disks,nics quiet", 3u)]
    [InlineData("xen_emul_unplug=nics xen_emul_unplug=ide-disks", 3u)]
    [InlineData("xen-emul-unplug=unnecessary,nics", (1u << 16) | 2u)]
    public void Reads_linuxs_words(string commandLine, uint bits) => Assert.Equal((bits, 0), Read(commandLine));

    [Theory]
    [InlineData("a", 7u)]
    [InlineData("au", 4u)]
    [InlineData("n", 2u)]
    [InlineData("ne", 1u << 17)]
    [InlineData("u", 1u << 16)]
    [InlineData("i", 1u)]
    [InlineData("", 7u)]
    [InlineData("nics,", 7u)]
    public void Takes_any_beginning_of_a_word_for_the_first_that_begins_so(string value, uint bits) =>
        Assert.Equal((bits, 0), Read("xen_emul_unplug=" + value));

    [Fact]
    public void Reports_an_unknown_word_with_what_follows_it()
    {
        var (bits, unrecognised) = UnplugParameter.Read("xen_emul_unplug=ide-disk5,nics", "xen_emul_unplug", oldWords: false);
        Assert.Equal(UnplugState.Nics, bits);
        Assert.Equal(["ide-disk5,nics"], unrecognised);
    }

    [Fact]
    public void Knows_ignore_only_in_the_old_tree()
    {
        Assert.Equal(UnplugState.Unnecessary, UnplugParameter.Read("xen_emul_unplug=ignore", "xen_emul_unplug", oldWords: true).Bits);
        Assert.Equal((0u, 1), Read("xen_emul_unplug=ignore"));
        Assert.Single(UnplugParameter.Read("xen_emul_unplug=never", "xen_emul_unplug", oldWords: true).Unrecognised);
    }

    private static (uint, int) Read(string commandLine)
    {
        var (bits, unrecognised) = UnplugParameter.Read(commandLine, "xen_emul_unplug", oldWords: false);
        return (bits, unrecognised.Count);
    }
}
