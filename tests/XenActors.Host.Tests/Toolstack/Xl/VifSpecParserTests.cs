using XenActors.Toolstack.Xl;
using Xunit;

namespace XenActors.Tests.Toolstack.Xl;

public sealed class VifSpecParserTests
{
    [Theory]
    [InlineData("16000000b/s", 100_000, 50_000)]
    [InlineData("16000000b/s@50ms", 100_000, 50_000)]
    [InlineData("2000000B/s", 100_000, 50_000)]
    [InlineData("2000000B/s@50ms", 100_000, 50_000)]
    [InlineData("16Kb/s", 100, 50_000)]
    [InlineData("16Kb/s@50ms", 100, 50_000)]
    [InlineData("2KB/s", 100, 50_000)]
    [InlineData("2KB/s@50ms", 100, 50_000)]
    [InlineData("16Mb/s", 100_000, 50_000)]
    [InlineData("16Mb/s@50ms", 100_000, 50_000)]
    [InlineData("2MB/s", 100_000, 50_000)]
    [InlineData("2MB/s@50ms", 100_000, 50_000)]
    [InlineData("8Gb/s", 50_000_000, 50_000)]
    [InlineData("8Gb/s@50ms", 50_000_000, 50_000)]
    [InlineData("1GB/s", 50_000_000, 50_000)]
    [InlineData("1GB/s@50ms", 50_000_000, 50_000)]
    [InlineData("80Mb/s@1s", 10_000_000, 1_000_000)]
    [InlineData("10MB/s@1s", 10_000_000, 1_000_000)]
    [InlineData("10MB/s@1", 10_000_000, 1_000_000)]
    [InlineData("1MB/s@20ms", 20_000, 20_000)]
    [InlineData("1MB/s@20m", 20_000, 20_000)]
    [InlineData("4294967295GB/s@4us", 17_179_869_180_000, 4)]
    public void A_rate_becomes_bytes_in_an_interval(string rate, ulong bytes, uint usecs)
    {
        var result = VifSpecParser.ParseArguments([$"rate={rate}"]);

        Assert.Equal(new VifRate(bytes, usecs), result.Nic.Rate);
        Assert.Equal(0, result.ExitCode);
        Assert.Empty(result.Diagnostics);
    }

    [Theory]
    [InlineData("foo", "invalid rate", "foo")]
    [InlineData("10MB", "invalid rate", "10MB")]
    [InlineData("10MB/m", "invalid rate", "10MB/m")]
    [InlineData("10ZB", "invalid rate", "10ZB")]
    [InlineData("10ZB/s", "invalid rate", "10ZB/s")]
    [InlineData("10ZB/m", "invalid rate", "10ZB/m")]
    [InlineData("4294967296b/s", "rate overflow", "4294967296b/s")]
    [InlineData("4294967296Kb/s", "rate overflow", "4294967296Kb/s")]
    [InlineData("4294967296Mb/s", "rate overflow", "4294967296Mb/s")]
    [InlineData("4294967296Gb/s", "rate overflow", "4294967296Gb/s")]
    [InlineData("99999999999999999999999b/s", "rate overflow", "99999999999999999999999b/s")]
    [InlineData("0B/s", "rate overflow", "0B/s")]
    [InlineData("10Mb/s@foo", "invalid replenishment interval", "foo")]
    [InlineData("10Mb/s@10h", "invalid replenishment interval", "10h")]
    [InlineData("10MB/s@foo", "invalid replenishment interval", "foo")]
    [InlineData("10MB/s@10h", "invalid replenishment interval", "10h")]
    [InlineData("10MB/s@", "invalid replenishment interval", "")]
    [InlineData("1B/s@4294967296us", "replenishment interval overflow", "4294967296us")]
    [InlineData("1B/s@4294968ms", "replenishment interval overflow", "4294968ms")]
    [InlineData("1B/s@4295s", "replenishment interval overflow", "4295s")]
    [InlineData("1B/s@0us", "replenishment interval overflow", "0us")]
    [InlineData("4294967295GB/s@5us", "rate overflow", "4294967295GB/s@5us")]
    [InlineData("4296MB/s@4294s", "rate overflow", "4296MB/s@4294s")]
    [InlineData("@", "no rate specified", "@")]
    public void A_bad_rate_ends_xl(string rate, string message, string near)
    {
        var result = VifSpecParser.ParseArguments([$"rate={rate}"]);

        Assert.True(result.IsFatal);
        Assert.Equal(1, result.ExitCode);
        Assert.Equal($"command line: config parsing error in vif: {message} in `{near}'", Assert.Single(result.Diagnostics).Text);
    }

    [Fact]
    public void Trust_is_a_flag()
    {
        Assert.True(VifSpecParser.ParseArguments(["trusted"]).Nic.Trusted);
        Assert.False(VifSpecParser.ParseArguments(["untrusted"]).Nic.Trusted);
        Assert.Null(VifSpecParser.ParseArguments([]).Nic.Trusted);
    }

    [Theory]
    [InlineData("foo", "unrecognized argument `foo'")]
    [InlineData("bogus=1", "unrecognized argument `bogus=1'")]
    [InlineData("type=hub", "Invalid parameter `type'.")]
    [InlineData("mac=zz:16:4f:02:02:99", "Invalid parameter `mac'.")]
    [InlineData("mac=00:16:4f:02:02", "Invalid parameter `mac'.")]
    [InlineData("mac=00:16:4f:02:02:100", "Invalid parameter `mac'.")]
    [InlineData("mac=", "Invalid parameter `mac'.")]
    public void A_token_that_xl_does_not_know_ends_network_attach_but_no_file(string token, string message)
    {
        var attached = VifSpecParser.ParseArguments([token, "bridge=b"]);
        var fromFile = VifSpecParser.Parse($"{token}, bridge=b", "f");

        Assert.Equal(1, attached.ExitCode);
        Assert.Null(attached.Nic.Bridge);
        Assert.Equal("b", fromFile.Nic.Bridge);
        Assert.False(fromFile.IsFatal);
        Assert.Equal(message, Assert.Single(fromFile.Diagnostics).Text);
    }

    [Fact]
    public void All_keys_are_read()
    {
        var nic = VifSpecParser.Parse(
            "mac=00-16-4F-2-2-15,bridge=virbr0, model=e1000,type=ioemu,vifname=v,script=s,ip=10.0.0.1,backend=net,"
            + "gatewaydev=g,devid=7,mtu=9000,vlan=10p/20-22,forwarddev=f,colo_checkpoint_port=1",
            "f").Nic;

        Assert.Equal("00:16:4f:02:02:15", nic.Mac.ToString());
        Assert.Equal(("virbr0", "e1000", "v", "s", "10.0.0.1"), (nic.Bridge, nic.Model, nic.IfName, nic.Script, nic.Ip));
        Assert.Equal(("net", "g", "10p/20-22", NicType.VifIoemu), (nic.BackendDomain, nic.GatewayDev, nic.Vlan, nic.Type));
        Assert.Equal((7ul, 9000ul), (nic.Devid!.Value, nic.Mtu!.Value));
        Assert.Equal([new("forwarddev", "f"), new("colo_checkpoint_port", "1")], nic.Colo);
    }

    [Fact]
    public void Old_keys_warn()
    {
        var result = VifSpecParser.Parse("netdev=eth0,accel=x", "f");

        Assert.Equal("eth0", result.Nic.GatewayDev);
        Assert.Equal(
            ["the netdev parameter is deprecated, please use gatewaydev instead", "the accel parameter for vifs is currently not supported"],
            result.Diagnostics.Select(line => line.Text));
    }

    [Fact]
    public void An_empty_string_is_a_nic_with_every_default() => Assert.Equal(3ul, VifSpecParser.Parse("", "f", 3).Nic.Devid);

    [Fact]
    public void A_devid_that_is_no_number_ends_xl()
    {
        var result = VifSpecParser.Parse("devid=x", "f");

        Assert.True(result.IsFatal);
        Assert.Equal("xl: failed to convert \"x\" to number", result.Diagnostics[0].Text);
    }
}
