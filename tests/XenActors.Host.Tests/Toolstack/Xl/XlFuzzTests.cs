using System.Text;
using XenActors.Toolstack.Xl;
using Xunit;

namespace XenActors.Tests.Toolstack.Xl;

/// <summary>Damaged input has a declared result, always: fixed seeds, so that a failure comes back.</summary>
public sealed class XlFuzzTests
{
    private const int Rounds = 4_000;
    private const string Alphabet = "abxyz019=,:;[]'\"\\#+-.()@/ \t\n\r\0\u00fc\uffff";

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_damaged_file_is_read_or_refused(int seed)
    {
        var random = new Random(seed);
        var files = XlTestData.Names("recorded", "*.cfg").Select(name => XlTestData.Read($"recorded/{name}")).ToList();
        files.Add(XlTestData.Read("guest.cfg"));
        for (var round = 0; round < Rounds; round++)
        {
            var text = Mutate(random, files[random.Next(files.Count)]);

            var result = DomainConfigParser.Parse(text, "f");

            Assert.True(result.Config == null == (result.ExitCode != 0), $"seed {seed} round {round}: {text}");
            Assert.True(result.Config == null || DomainJson.Of(result.Config, "").Length > 0);
            Assert.All(result.Diagnostics, line => Assert.True(line.Position is null or { Line: > 0, Column: > 0 }));
        }
    }

    [Theory]
    [InlineData("format=raw, vdev=hda, access=rw, target=/dev/vg/guest-volume")]
    [InlineData("tap2:tapdisk:aio:/x,hdc:cdrom,r")]
    [InlineData("backendtype=phy,script=s,colo-port=12,no-discard,grant_usage=1,/x,raw,xvda,w")]
    public void A_damaged_disk_is_read_or_refused(string spec)
    {
        var random = new Random(spec.Length);
        for (var round = 0; round < Rounds; round++)
        {
            var result = DiskSpecParser.Parse(Mutate(random, spec), "f");

            Assert.Equal(result.Disk == null, result.Diagnostics.Count > 0);
        }
    }

    [Fact]
    public void A_damaged_nic_is_read_or_refused()
    {
        var random = new Random(4);
        for (var round = 0; round < Rounds; round++)
        {
            var result = VifSpecParser.Parse(Mutate(random, "mac=00:16:4f:02:02:15,rate=10MB/s@20ms,devid=1,type=ioemu"), "f");

            Assert.True(!result.IsFatal || result.Diagnostics.Count > 0);
        }
    }

    [Fact]
    public void A_damaged_device_name_is_read_or_refused()
    {
        var random = new Random(5);
        for (var round = 0; round < Rounds; round++)
        {
            if (VirtualDevice.TryParse(Mutate(random, random.Next(2) == 0 ? "xvdaa15" : "d0x10p1"), out var device))
            {
                Assert.Equal(device.Number, VirtualDevice.TryParse(device.Vdev, out var again) ? again.Number : uint.MaxValue);
            }
        }
    }

    private static string Mutate(Random random, string text)
    {
        var result = new StringBuilder(text);
        for (var edits = random.Next(1, 6); edits > 0; edits--)
        {
            var at = random.Next(result.Length + 1);
            switch (random.Next(4))
            {
                case 0:
                    result.Insert(at, Alphabet[random.Next(Alphabet.Length)]);
                    break;
                case 1 when at < result.Length:
                    result[at] = Alphabet[random.Next(Alphabet.Length)];
                    break;
                case 2 when at < result.Length:
                    result.Remove(at, Math.Min(random.Next(1, 9), result.Length - at));
                    break;
                default:
                    var from = random.Next(result.Length + 1);
                    result.Insert(at, result.ToString(from, Math.Min(random.Next(1, 20), result.Length - from)));
                    break;
            }
        }

        return result.ToString();
    }
}
