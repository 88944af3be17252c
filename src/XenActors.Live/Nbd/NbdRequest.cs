using XenActors.Experiments.Nbd;

namespace XenActors.Live.Nbd;

/// <summary>
/// A client's request on its way through the backend: within the export, whole blocks, and for a write all its bytes. Its payload lies in pieces of
/// <see cref="NbdExport.PieceSize"/> bytes, of which the last may be shorter; whoever made a piece does not change it any more.
/// </summary>
internal sealed class NbdRequest(NbdClient client, in NbdRequestHeader header)
{
    private readonly NbdRequestHeader header = header;

    public NbdClient Client { get; } = client;

    public NbdExport Export { get; } = client.Export!;

    public ref readonly NbdRequestHeader Header => ref header;

    /// <summary>Its client did not ask for it, and is not answered.</summary>
    public bool Unasked { get; init; }

    /// <summary>A write's bytes when the backend gets it; a read's when the backend is done.</summary>
    public byte[][] Pieces { get; } = header.Command is NbdCommand.Read or NbdCommand.Write ? new byte[PieceCount(client.Export!, header.Length)][] : [];

    /// <summary>Its neighbours among its client's unanswered ones.</summary>
    public NbdRequest? Earlier { get; set; }

    public NbdRequest? Later { get; set; }

    /// <summary>For the backend: what it has not done yet.</summary>
    public int Outstanding { get; set; }

    /// <summary>For the backend: where the next part of it begins.</summary>
    public ulong Next { get; set; }

    /// <summary>For the backend: what it did has been made durable, or is about to be.</summary>
    public bool Synced { get; set; }

    /// <summary>The first thing that went wrong.</summary>
    public NbdError Error { get; set; }

    /// <summary>How much memory it may hold.</summary>
    public long Payload => Pieces.Length > 0 ? Header.Length : 0;

    public int LengthOfPiece(int index) => (int)Math.Min(Export.PieceSize, Header.Length - index * (long)Export.PieceSize);

    private static int PieceCount(NbdExport export, uint length) => (int)((length + (uint)export.PieceSize - 1) / (uint)export.PieceSize);
}
