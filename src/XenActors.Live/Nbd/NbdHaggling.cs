using System.Buffers.Binary;
using System.Text;
using XenActors.Experiments.Nbd;

namespace XenActors.Live.Nbd;

/// <summary>Where a connection stands.</summary>
internal enum NbdStage
{
    /// <summary>The client's flags are awaited.</summary>
    ClientFlags,

    /// <summary>Options.</summary>
    Haggling,

    /// <summary>An export is chosen: requests.</summary>
    Transmission,

    /// <summary>The client has ended it, or must be left.</summary>
    Over,
}

/// <summary>
/// The handshake of one connection: fixed newstyle, without TLS. Bytes in, bytes out; it knows no socket. Source: <c>doc/proto.md</c>, "Handshake".
/// </summary>
internal sealed class NbdHaggling(NbdListener listener, NbdOutput output)
{
    /// <summary>An option's data may be so long; of a longer one nothing is kept.</summary>
    public const int DataMax = 64 * 1024;

    // The data of an option that is refused for its length is passed over up to here.
    private const uint SkippedMax = NbdWire.PayloadMax;

    private static readonly byte[] Namespace = [.. "base:"u8];
    private static readonly byte[] AllocationName = [.. "base:allocation"u8];

    // Whose allocation was chosen, last.
    private NbdExport? context;
    private NbdOption tooLong;
    private uint toSkip;
    private bool noZeroes;

    public NbdStage Stage { get; private set; }

    /// <summary>What is agreed on, once there is something: in <see cref="NbdStage.Transmission"/>.</summary>
    public NbdExport? Export { get; private set; }

    /// <summary>Whether replies are structured.</summary>
    public bool Structured { get; private set; }

    /// <summary>Whether <c>base:allocation</c> was chosen for the export.</summary>
    public bool Allocation => context is not null && context.Name == Export?.Name;

    /// <summary>The server's first words.</summary>
    public void Greet()
    {
        var to = output.Reserve(NbdWire.GreetingSize);
        BinaryPrimitives.WriteUInt64BigEndian(to, NbdWire.Magic);
        BinaryPrimitives.WriteUInt64BigEndian(to[8..], NbdWire.OptionMagic);
        BinaryPrimitives.WriteUInt16BigEndian(to[16..], (ushort)(NbdHandshakeFlags.FixedNewstyle | NbdHandshakeFlags.NoZeroes));
    }

    /// <summary>Takes one step; returns how many bytes it took, 0 when it needs more of them.</summary>
    public int Take(ReadOnlySpan<byte> bytes) => Stage switch
    {
        NbdStage.ClientFlags => TakeFlags(bytes),
        NbdStage.Haggling when toSkip > 0 => Skip(bytes),
        NbdStage.Haggling => TakeOption(bytes),
        _ => 0,
    };

    private int TakeFlags(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < NbdWire.ClientFlagsSize) return 0;
        var flags = (NbdClientFlags)BinaryPrimitives.ReadUInt32BigEndian(bytes);
        // A flag that was not offered ends the connection.
        Stage = (flags & ~(NbdClientFlags.FixedNewstyle | NbdClientFlags.NoZeroes)) == 0 ? NbdStage.Haggling : NbdStage.Over;
        noZeroes = flags.HasFlag(NbdClientFlags.NoZeroes);
        return NbdWire.ClientFlagsSize;
    }

    private int Skip(ReadOnlySpan<byte> bytes)
    {
        var length = (int)Math.Min((uint)bytes.Length, toSkip);
        toSkip -= (uint)length;
        if (toSkip == 0) Refuse(tooLong, NbdOptionReply.ErrTooBig, "too long");
        return length;
    }

    private int TakeOption(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < NbdWire.OptionSize) return 0;
        var option = (NbdOption)BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]);
        var length = BinaryPrimitives.ReadUInt32BigEndian(bytes[12..]);
        if (BinaryPrimitives.ReadUInt64BigEndian(bytes) != NbdWire.OptionMagic || length > SkippedMax)
        {
            Stage = NbdStage.Over;
            return NbdWire.OptionSize;
        }

        if (length > DataMax)
        {
            (tooLong, toSkip) = (option, length);
            if (option == NbdOption.ExportName) Stage = NbdStage.Over; // which has no answer but yes
            return NbdWire.OptionSize;
        }

        var whole = NbdWire.OptionSize + (int)length;
        if (bytes.Length < whole) return 0;
        Answer(option, bytes[NbdWire.OptionSize..whole]);
        return whole;
    }

    private void Answer(NbdOption option, ReadOnlySpan<byte> data)
    {
        switch (option)
        {
            case NbdOption.ExportName:
                ExportName(data);
                break;
            case NbdOption.Abort:
                output.OptionReply(option, NbdOptionReply.Ack, []);
                Stage = NbdStage.Over;
                break;
            case NbdOption.List or NbdOption.StructuredReply when data.Length > 0:
                Refuse(option, NbdOptionReply.ErrInvalid, "takes no data");
                break;
            case NbdOption.List:
                List();
                break;
            case NbdOption.StructuredReply when Structured:
                Refuse(option, NbdOptionReply.ErrInvalid, "agreed on already");
                break;
            case NbdOption.StructuredReply:
                Structured = true;
                output.OptionReply(option, NbdOptionReply.Ack, []);
                break;
            case NbdOption.Info or NbdOption.Go:
                Info(option, data);
                break;
            case NbdOption.ListMetaContext or NbdOption.SetMetaContext:
                MetaContexts(option, data);
                break;
            case NbdOption.StartTls:
                Refuse(option, NbdOptionReply.ErrUnsup, "no TLS here");
                break;
            default:
                Refuse(option, NbdOptionReply.ErrUnsup, "unknown");
                break;
        }
    }

    private NbdExport? Find(ReadOnlySpan<byte> name)
    {
        var exports = listener.Exports;
        if (name.IsEmpty) return exports.Count > 0 ? exports[0] : null;
        foreach (var export in exports)
        {
            if (Encoding.UTF8.GetByteCount(export.Name) == name.Length && name.SequenceEqual(Encoding.UTF8.GetBytes(export.Name))) return export;
        }

        return null;
    }

    private void ExportName(ReadOnlySpan<byte> name)
    {
        if (Find(name) is not { } export)
        {
            Stage = NbdStage.Over;
            return;
        }

        var to = output.Reserve(10 + (noZeroes ? 0 : NbdWire.ExportNamePadding));
        to.Clear();
        BinaryPrimitives.WriteUInt64BigEndian(to, export.Size);
        BinaryPrimitives.WriteUInt16BigEndian(to[8..], (ushort)export.Flags(Structured));
        Choose(export);
    }

    private void Choose(NbdExport export) => (Export, Stage) = (export, NbdStage.Transmission);

    private void List()
    {
        foreach (var export in listener.Exports)
        {
            var name = Encoding.UTF8.GetBytes(export.Name);
            var data = new byte[4 + name.Length + Encoding.UTF8.GetByteCount(export.Description)];
            BinaryPrimitives.WriteUInt32BigEndian(data, (uint)name.Length);
            name.CopyTo(data, 4);
            Encoding.UTF8.GetBytes(export.Description, data.AsSpan(4 + name.Length));
            output.OptionReply(NbdOption.List, NbdOptionReply.Server, data);
        }

        output.OptionReply(NbdOption.List, NbdOptionReply.Ack, []);
    }

    private void Info(NbdOption option, ReadOnlySpan<byte> data)
    {
        // Length of the name, the name, number of wishes, the wishes.
        if (!TakeString(ref data, out var name) || data.Length < 2 || data.Length != 2 + 2 * BinaryPrimitives.ReadUInt16BigEndian(data))
        {
            Refuse(option, NbdOptionReply.ErrInvalid, "malformed");
            return;
        }

        if (Find(name) is not { } export)
        {
            Refuse(option, NbdOptionReply.ErrUnknown, "no such export");
            return;
        }

        Span<byte> item = stackalloc byte[14];
        BinaryPrimitives.WriteUInt16BigEndian(item, (ushort)NbdInfo.Export);
        BinaryPrimitives.WriteUInt64BigEndian(item[2..], export.Size);
        BinaryPrimitives.WriteUInt16BigEndian(item[10..], (ushort)export.Flags(Structured));
        output.OptionReply(option, NbdOptionReply.Info, item[..12]);
        BinaryPrimitives.WriteUInt16BigEndian(item, (ushort)NbdInfo.BlockSize);
        BinaryPrimitives.WriteUInt32BigEndian(item[2..], export.BlockSizeMin);
        BinaryPrimitives.WriteUInt32BigEndian(item[6..], export.BlockSizePreferred);
        BinaryPrimitives.WriteUInt32BigEndian(item[10..], NbdWire.PayloadMax);
        output.OptionReply(option, NbdOptionReply.Info, item);
        // Asked for twice is told once.
        var (wantsName, wantsDescription) = (false, false);
        for (var wishes = data[2..]; wishes.Length > 0; wishes = wishes[2..])
        {
            var wish = (NbdInfo)BinaryPrimitives.ReadUInt16BigEndian(wishes);
            wantsName |= wish == NbdInfo.Name;
            wantsDescription |= wish == NbdInfo.Description;
        }

        if (wantsName) InfoText(option, NbdInfo.Name, export.Name);
        if (wantsDescription) InfoText(option, NbdInfo.Description, export.Description);
        output.OptionReply(option, NbdOptionReply.Ack, []);
        if (option == NbdOption.Go) Choose(export);
    }

    private void InfoText(NbdOption option, NbdInfo type, string text)
    {
        var data = new byte[2 + Encoding.UTF8.GetByteCount(text)];
        BinaryPrimitives.WriteUInt16BigEndian(data, (ushort)type);
        Encoding.UTF8.GetBytes(text, data.AsSpan(2));
        output.OptionReply(option, NbdOptionReply.Info, data);
    }

    // The only context is base:allocation. Listing takes no queries, whole names and a namespace; choosing whole names only, and the last choice counts.
    private void MetaContexts(NbdOption option, ReadOnlySpan<byte> data)
    {
        if (option == NbdOption.SetMetaContext) context = null;
        if ((option == NbdOption.SetMetaContext && !Structured) || !TakeString(ref data, out var name) || !AreQueries(data, out var wanted, out var listed))
        {
            Refuse(option, NbdOptionReply.ErrInvalid, Structured ? "malformed" : "structured replies first");
            return;
        }

        if (Find(name) is not { } export)
        {
            Refuse(option, NbdOptionReply.ErrUnknown, "no such export");
            return;
        }

        if (option == NbdOption.SetMetaContext ? wanted : listed)
        {
            var reply = new byte[4 + AllocationName.Length];
            BinaryPrimitives.WriteUInt32BigEndian(reply, option == NbdOption.SetMetaContext ? NbdWire.AllocationContext : 0);
            AllocationName.CopyTo(reply, 4);
            output.OptionReply(option, NbdOptionReply.MetaContext, reply);
            if (option == NbdOption.SetMetaContext) context = export;
        }

        output.OptionReply(option, NbdOptionReply.Ack, []);
    }

    // Whether the context's name is among them; whether it is, or its namespace, or there are none.
    private static bool AreQueries(ReadOnlySpan<byte> data, out bool wanted, out bool listed)
    {
        (wanted, listed) = (false, false);
        if (data.Length < 4) return false;
        var count = BinaryPrimitives.ReadUInt32BigEndian(data);
        listed = count == 0;
        data = data[4..];
        for (; count > 0; count--)
        {
            if (!TakeString(ref data, out var query)) return false;
            wanted |= query.SequenceEqual(AllocationName);
            listed |= wanted || query.SequenceEqual(Namespace);
        }

        return data.IsEmpty;
    }

    private static bool TakeString(ref ReadOnlySpan<byte> data, out ReadOnlySpan<byte> text)
    {
        text = default;
        if (data.Length < 4) return false;
        var length = BinaryPrimitives.ReadUInt32BigEndian(data);
        if (length > NbdWire.StringMax || length > data.Length - 4) return false;
        text = data.Slice(4, (int)length);
        data = data[(4 + (int)length)..];
        return true;
    }

    private void Refuse(NbdOption option, NbdOptionReply error, string reason) => output.OptionReply(option, error, Encoding.ASCII.GetBytes(reason));
}
