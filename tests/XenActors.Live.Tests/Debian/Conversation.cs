using System.Globalization;
using System.Text.RegularExpressions;
using XenActors.Abi;
using XenActors.Tests.Live.Xenstore;

namespace XenActors.Tests.Live.Debian;

/// <summary>Speaks the lines of protocol-edges.steps to one server, on as many connections as they name.</summary>
internal sealed partial class Conversation(string socket) : IDisposable
{
    private readonly Dictionary<string, WireClient> clients = [];
    private readonly Dictionary<string, uint> transactions = [];

    /// <summary>What came back on that connection up to the reply.</summary>
    public string Do(string step)
    {
        var onlyAnError = step[0] == '?';
        var words = step.TrimStart('?').Split(' ', 2);
        if (words[1] == "close")
        {
            clients.Remove(words[0], out var leaver);
            leaver?.Dispose();
            return "";
        }

        if (!clients.TryGetValue(words[0], out var client)) clients.Add(words[0], client = new WireClient(socket));
        var request = Line().Match(words[1]);
        Assert.True(request.Success, step);
        var type = Number(request.Groups["type"].Value) is { } number ? (XsWireType)number : Enum.Parse<XsWireType>(request.Groups["type"].Value);
        var txId = request.Groups["tx"].Value == "last" ? transactions.GetValueOrDefault(words[0]) : Number(request.Groups["tx"].Value) ?? 0;
        var payload = request.Groups["payload"].Value is "-" ? "" : ByteValue().Replace(request.Groups["payload"].Value, value =>
            ((char)byte.Parse(value.Groups[1].ValueSpan, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)).ToString());
        client.Send(WireClient.Bytes(type, payload, Number(request.Groups["req"].Value) ?? 1, txId));
        var said = new List<WireMessage>();
        do said.Add(client.Receive());
        while (said[^1].Type == XsWireType.WatchEvent);
        if (said[^1].Type == XsWireType.TransactionStart) transactions[words[0]] = Number(said[^1].Text.TrimEnd('|')) ?? 0;
        if (type == XsWireType.Watch && said[^1].Type == XsWireType.Watch) said.Add(client.Receive()); // its first event
        // A node's generation is only good for comparing it with itself.
        if (said[^1].Type == XsWireType.DirectoryPart) said[^1] = said[^1] with { Text = said[^1].Text[said[^1].Text.IndexOf('|', StringComparison.Ordinal)..] };
        if (onlyAnError && said[^1].Type == XsWireType.Error) said[^1] = said[^1] with { Text = "some error" };
        return string.Join("; ", said);
    }

    public void Dispose()
    {
        foreach (var client in clients.Values) client.Dispose();
    }

    private static uint? Number(string text) => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    [GeneratedRegex(@"^(?<type>\w+) (?<payload>.*?)(?: tx=(?<tx>\w+))?(?: req=(?<req>\d+))?$")]
    private static partial Regex Line();

    [GeneratedRegex(@"\\x([0-9a-f]{2})")]
    private static partial Regex ByteValue();
}
