using System.Globalization;
using XenActors.Abi;

namespace XenActors.Live.Xenstore.Bench;

/// <summary>Nodes that only lie there, a hundred to a directory.</summary>
internal sealed class ResidentNodes(BenchClient client)
{
    private const int PerDirectory = 100;
    private const int Ahead = 50; // requests on their way: their replies fit any socket's buffer

    private int made;

    public void FillTo(int nodes, CancellationToken cancel)
    {
        while (made < nodes)
        {
            cancel.ThrowIfCancellationRequested();
            var count = Math.Min(Ahead, nodes - made);
            for (var i = 0; i < count; i++) client.Send(BenchClient.Request(XsWireType.Write, string.Create(CultureInfo.InvariantCulture, $"{Directory((made + i) / PerDirectory)}/{(made + i) % PerDirectory}|value")));
            for (var i = 0; i < count; i++) client.DemandReply();
            made += count;
        }
    }

    /// <summary>Removes them a directory at a time: all at once a daemon might be busy for longer than a client waits.</summary>
    public void Clear()
    {
        for (var directory = 0; directory * PerDirectory < made; directory++) client.Ask(BenchClient.Request(XsWireType.Rm, Directory(directory) + "|"));
        made = 0;
    }

    private static string Directory(int number) => string.Create(CultureInfo.InvariantCulture, $"{XenstoreLoads.Root}/resident/{number}");
}
