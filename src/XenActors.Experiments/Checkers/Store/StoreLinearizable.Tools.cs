using System.Globalization;
using System.Text;
using XenActors.Abi;
using XenActors.Xenstore;

namespace XenActors.Experiments.Checkers.Store;

// Watches, what only the tools may do, and the ends of domains.
public sealed partial class StoreLinearizable
{
    /// <remarks>Without "reply out of order" and "unanswered": nothing between the daemon and a client overtakes, and the daemon answers all that it takes.</remarks>
    public override IReadOnlyList<string> AllBranches { get; } =
    [
        "emptied", "event", "event merged", "closed", "no such transaction", "request", "transaction refused",
        "transaction", "commit refused", "abort", "conflict", "commit", "quota", "unknown domain", "EINVAL", "EACCES", "ENOENT", "EPERM", "E2BIG",
        "watches reset", "unwatch", "watch", "watch refused", "Control", "TransactionEnd", "Introduce", "Release", "GetDomainPath",
        "IsDomainIntroduced", "Resume", "SetTarget", "GetFeature", "SetFeature", "GetQuota", "SetQuota", "no such request", "domain gone",
        "domain shut down",
    ];

    private void Watch(ModelClient client, in StoreAsked asked, XenErrno error)
    {
        if (asked.Type == XsWireType.ResetWatches)
        {
            Reach("watches reset");
            _events.RemoveAll(client);
            client.Transactions.Clear();
            return;
        }

        var payload = asked.Payload.Span;
        var first = payload.IndexOf((byte)0);
        var second = first < 0 ? -1 : payload[(first + 1)..].IndexOf((byte)0);
        if (second < 0)
        {
            Expect(in asked, error == XenErrno.EINVAL, $"has no token and was answered {error}");
            return;
        }

        var special = first > 0 && payload[0] == (byte)'@';
        var valid = _model.TryPath(client, payload[..first], out var path) || special;
        var name = special ? Encoding.Latin1.GetString(payload[..first]) : valid ? path.ToString() : "";
        var token = Encoding.Latin1.GetString(payload.Slice(first + 1, second));
        var known = client.Watches.Find(w => w.Path == name && w.Token == token);
        if (asked.Type == XsWireType.Unwatch)
        {
            Reach("unwatch");
            Expect(in asked, (error == XenErrno.None) == known is not null, $"was answered {error}, and there {(known is null ? "was no such" : "was this")} watch");
            if (known is not null)
            {
                _events.Remove(known);
            }

            return;
        }

        Reach(error == XenErrno.None ? "watch" : "watch refused");
        var expected = !valid ? XenErrno.EINVAL : known is not null ? XenErrno.EEXIST : XenErrno.None;
        Expect(in asked, error == expected || (error == XenErrno.E2BIG && !client.Privileged), $"was answered {error} instead of {expected}");
        if (error == XenErrno.None && valid && known is null)
        {
            var watch = new ModelWatch(client, name, token, !special && payload[0] != (byte)'/');
            _events.Add(watch);
            _events.First(watch);
            Expect(in asked, client.Privileged || client.Watches.Count <= _limits.Watches + 1, "has more watches than its quota");
        }
    }

    // What only the tools may do, and what asks about domains.
    private void Tool(in StoreAsked asked, in StoreTold told, XenErrno error)
    {
        Reach(Enum.IsDefined(asked.Type) && asked.Type is not (XsWireType.WatchEvent or XsWireType.Error) ? asked.Type.ToString() : "no such request");
        if (error != XenErrno.None)
        {
            return;
        }

        var words = Encoding.Latin1.GetString(asked.Payload.Span).TrimEnd('\0').Split('\0');
        _ = ushort.TryParse(words[0], CultureInfo.InvariantCulture, out var domain);
        switch (asked.Type)
        {
            case XsWireType.Introduce:
                _events.Special("@introduceDomain", must: _model.Introduced.Add(domain));
                ForClients(domain, Empty);
                break;
            case XsWireType.Release:
                End(new StoreDomainEnded(domain, Gone: true));
                break;
            case XsWireType.SetTarget when words.Length > 1 && ushort.TryParse(words[1], CultureInfo.InvariantCulture, out var target):
                _model.SetTarget(domain, target);
                break;
            case XsWireType.IsDomainIntroduced when domain < DomId.FirstReserved.Value:
                Expect(in asked, told.Payload.Span.StartsWith("T"u8) == _model.Introduced.Contains(domain), "was answered wrongly");
                break;
            case XsWireType.GetDomainPath:
                Expect(in asked, told.Payload.Span.SequenceEqual(Encoding.Latin1.GetBytes($"/local/domain/{domain}\0")), "was answered wrongly");
                break;
            case XsWireType.Control:
                _limits = _limits.Set(words);
                break;
        }
    }

    private void End(in StoreDomainEnded ended)
    {
        Reach(ended.Gone ? "domain gone" : "domain shut down");
        var introduced = _model.Introduced.Contains(ended.Domain);
        if (ended.Gone && ended.Domain != 0)
        {
            List<int> gone = [];
            ForClients(ended.Domain, c => gone.Add(c.Connection));
            gone.ForEach(Forget);
            _model.End(ended.Domain);
            _events.Changed(_model.Changes);
        }

        _events.Special("@releaseDomain", must: ended.Gone && introduced && ended.Domain != 0);
    }
}
