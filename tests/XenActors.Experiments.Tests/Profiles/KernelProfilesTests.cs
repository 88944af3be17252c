using XenActors.Experiments.Profiles;
using XenActors.Hocon;

namespace XenActors.Tests.Experiments.Profiles;

public sealed class KernelProfilesTests
{
    private static readonly string Directory = Path.Combine(AppContext.BaseDirectory, "hocon", "kernels");

    [Fact]
    public void Knows_seven_kernels() => Assert.Equal(
        ["debian12-6.1", "fedora16-3.1", "mainline-2.6.36", "mainline-2.6.37", "pvops-2.6.32", "ubuntu-11.10", "unmodified-2.6.18"],
        KernelProfiles.Names(Directory));

    [Fact]
    public void Loads_each_of_them()
    {
        foreach (var name in KernelProfiles.Names(Directory))
        {
            var profile = KernelProfiles.Load(Directory, name);
            Assert.Equal(name, profile.Name);
            Assert.NotEmpty(profile.Release);
            Assert.NotEmpty(profile.Messages);
        }
    }

    [Fact]
    public void Lets_a_profile_take_back_what_its_base_gave()
    {
        var debian = KernelProfiles.Load(Directory, "debian12-6.1");
        Assert.Null(debian.Format("unplug-protocol", ("version", "1")));
        Assert.False(debian.Has("unplug-needs-platform-pci"));
        Assert.True(debian.Has("emul-unplug"));
        Assert.False(KernelProfiles.Load(Directory, "ubuntu-11.10").Has("xen-platform-pci-builtin"));
    }

    [Theory]
    [InlineData("feature { a = 1 }", "k.conf:1:1: expected a setting of kernels but found 'feature', did you mean 'features'?")]
    [InlineData("features { vector-calback = true }", "k.conf:1:12: expected a feature of kernels but found 'vector-calback', did you mean 'vector-callback'?")]
    [InlineData("messages { dmii = x }", "k.conf:1:12: expected a message of kernels but found 'dmii', did you mean 'dmi'?")]
    [InlineData("numbers { completely-else = 1 }", "k.conf:1:11: expected a number of kernels but found 'completely-else'")]
    public void Suggests_the_nearest_name_for_an_unknown_one(string text, string expected)
    {
        var error = Assert.Throws<HoconException>(() => Bind(text));
        Assert.Equal(expected[..6], error.Message[..6]);
        Assert.Equal(expected[(expected.IndexOf(": ", StringComparison.Ordinal) + 2)..], error.Problem);
        Assert.Equal(1, error.Origin.Line);
        Assert.True(error.Origin.Column > 0);
    }

    [Theory]
    [InlineData("features { vector-callback = perhaps }")]
    [InlineData("numbers { us-pci = soon }")]
    [InlineData("numbers { us-pci = -5 }")]
    [InlineData("modules = 5")]
    public void Places_a_value_of_the_wrong_type(string text) =>
        Assert.StartsWith("k.conf:1:", Assert.Throws<HoconException>(() => Bind(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Names_the_nearest_kernel_for_one_that_is_not_there()
    {
        var error = Assert.Throws<HoconException>(() => KernelProfiles.Load(Directory, "fedora16-3.2"));
        Assert.Contains("did you mean 'fedora16-3.1'?", error.Message, StringComparison.Ordinal);
    }

    private static void Bind(string text)
    {
        var rest = text.StartsWith("modules", StringComparison.Ordinal) ? "" : ", modules = []";
        KernelProfiles.Bind(HoconConfig.Parse($"{text}, release = x{rest}", "k.conf"), "k");
    }
}
