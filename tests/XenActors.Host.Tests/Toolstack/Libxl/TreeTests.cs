using System.Text.RegularExpressions;
using Xunit.Abstractions;

namespace XenActors.Tests.Toolstack.Libxl;

/// <summary>The store against recordings of a real host, node by node: path, order, owner, permissions, value.</summary>
public sealed partial class TreeTests(ITestOutputHelper output)
{
    [Fact]
    public void Dom0_alone_leaves_the_recorded_tree()
    {
        var bench = new Bench();

        Assert.True(bench.Recorder.Dom0Ready);
        Compare(Bench.Lines("A0.xenstore-dom0-only.txt"), bench.Tree());
    }

    [Fact]
    public void A_paused_guest_leaves_the_recorded_tree()
    {
        var bench = new Bench();

        var answer = bench.Create(Bench.File("guest.cfg.txt"));

        Assert.True(answer.Ok, answer.Message);
        Compare(Bench.Lines("A1.xenstore-paused.txt"), bench.Tree());
        Assert.Equal(0, bench.Domain(29).Unpauses);
        Assert.Equal(["+virbr0 vif29.0", "+virbr0 vif29.0-emu"], bench.Recorder.Bridge);
    }

    [Fact]
    public void Each_client_writes_states_in_the_recorded_order()
    {
        var bench = new Bench();
        bench.Create(Bench.File("guest.cfg.txt"));

        var recorded = Array.ConvertAll(Bench.Lines("A1.states-create-paused.txt"), l => l[(l.IndexOf(" IN ", StringComparison.Ordinal) + 4)..].TrimEnd());
        List<string> ours = [];
        foreach (var write in bench.Store.StateWrites)
        {
            if (write.Text.Contains("29", StringComparison.Ordinal) || write.Text.Contains(Bench.Uuid, StringComparison.Ordinal))
            {
                ours.Add(write.Text);
            }
        }

        var common = Common(recorded, ours);
        output.WriteLine($"{common} of {recorded.Length} state writes in the recorded order, {ours.Count} of ours");
        Assert.Equal(recorded.Order(StringComparer.Ordinal), ours.Order(StringComparer.Ordinal));
        foreach (var part in (string[])["/local/domain/0/backend/vbd|device/vbd/768|RM|INTRODUCE", "vif/", "console", "vkbd", "5632"])
        {
            Assert.Equal(recorded.Where(l => Regex.IsMatch(l, part)), ours.Where(l => Regex.IsMatch(l, part)));
        }
    }

    private void Compare(string[] recorded, string[] ours)
    {
        var (wanted, got) = (Array.ConvertAll(recorded, Mask), Array.ConvertAll(ours, Mask));
        var agreed = wanted.Count(l => got.Contains(l));
        output.WriteLine($"{agreed} of {wanted.Length} nodes agree, {got.Length} of ours");
        Assert.Equal(wanted, got);
    }

    private static string Mask(string line) => Masked().Replace(line.TrimEnd(), "$1*$2");

    // How much of one list can be found in the other, in order.
    private static int Common(IReadOnlyList<string> left, IReadOnlyList<string> right)
    {
        var row = new int[right.Count + 1];
        foreach (var item in left)
        {
            var diagonal = 0;
            for (var j = 1; j < row.Length; j++)
            {
                var above = row[j];
                row[j] = item == right[j - 1] ? diagonal + 1 : Math.Max(row[j], row[j - 1]);
                diagonal = above;
            }
        }

        return row[^1];
    }

    [GeneratedRegex("^(.*/(?:start_time|device-model-pid) = \").*(\"   .*)$")]
    private static partial Regex Masked();
}
