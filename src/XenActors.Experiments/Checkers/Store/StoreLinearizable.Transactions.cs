using System.Globalization;
using System.Text;
using XenActors.Abi;
using XenActors.Xenstore;

namespace XenActors.Experiments.Checkers.Store;

// Transactions: when they begin, what they must give when they are committed, and why they may be refused.
public sealed partial class StoreLinearizable
{
    private void Begin(ModelClient client, in StoreAsked asked, in StoreTold told, XenErrno error, ModelTransaction? within)
    {
        if (error != XenErrno.None)
        {
            Reach("transaction refused");
            Expect(in asked, within is not null || !client.Privileged, $"was refused with {error}");
            return;
        }

        Reach("transaction");
        var text = Encoding.Latin1.GetString(told.Payload.Span).TrimEnd('\0');
        var fresh = uint.TryParse(text, CultureInfo.InvariantCulture, out var id) && id != 0 && client.Find(id) is null;
        Expect(in asked, fresh && within is null, $"began transaction '{text}', which is open or none");
        client.Transactions.Add(new(id, _model.Number));
        Expect(in asked, client.Privileged || client.Transactions.Count <= _limits.Transactions + 1, "has more transactions open than its quota");
    }

    private void Close(ModelClient client, ModelTransaction transaction, in StoreAsked asked, XenErrno error)
    {
        var commits = asked.Payload.Span.StartsWith("T"u8);
        if (!commits || error is not (XenErrno.None or XenErrno.EAGAIN))
        {
            Reach(commits ? "commit refused" : "abort");
            Expect(in asked, !commits || error is XenErrno.ENOSPC or XenErrno.ENOMEM, $"was refused with {error}, which is none of a commit's errors");
            return;
        }

        if (error == XenErrno.EAGAIN)
        {
            Reach("conflict");
            Expect(in asked, _run!.AnyFault || Conflicts(client, transaction), "was refused with EAGAIN, but nothing that its transaction touched had changed");
            return;
        }

        Reach("commit");
        _changes.Clear();
        foreach (var step in transaction.Steps)
        {
            _model.Changes.Clear();
            if (!Compare(client, step, "committed"))
            {
                return;
            }

            _changes.AddRange(_model.Changes);
        }

        _events.Committed(_changes);
        CheckQuota(client, _changes);
    }

    // Something that it read, or that lies above or below, is younger than the transaction.
    private bool Conflicts(ModelClient client, ModelTransaction transaction)
    {
        foreach (var step in transaction.Steps)
        {
            var span = step.Payload.Span;
            var end = span.IndexOf((byte)0);
            if (end < 0 || !_model.TryPath(client, span[..end], out var path))
            {
                continue;
            }

            if (_model.Find(path) is { } node && Younger(node, transaction.Began, step.Type == XsWireType.Rm))
            {
                return true;
            }

            for (; ; path = StoreModel.Above(path))
            {
                if ((_model.Find(path) is { } above ? above.Changed : _model.Removed.GetValueOrDefault(path.ToString())) > transaction.Began)
                {
                    return true;
                }

                if (path.Length == 1)
                {
                    break;
                }
            }
        }

        return false;
    }

    private static bool Younger(ModelNode node, long than, bool below) =>
        node.Changed > than || (below && node.Children.Exists(c => Younger(c, than, below: true)));
}
