using System.Text;
using XenActors.Abi;
using XenActors.Xenstore;

namespace XenActors.TestKit.Machines;

/// <summary>xenstored's answer to one request.</summary>
/// <param name="Error"><see cref="XenErrno.None"/> when it was done.</param>
/// <param name="Text">The payload, bytes as Latin-1; an error's name.</param>
public readonly record struct StoreResult(XenErrno Error, string Text)
{
    internal static StoreResult Of(in XsReply reply)
    {
        var text = Encoding.Latin1.GetString(reply.Payload);
        return reply.Type == XsWireType.Error ? new(XsWireError.Parse(text.TrimEnd('\0')), text.TrimEnd('\0')) : new(XenErrno.None, text);
    }
}
