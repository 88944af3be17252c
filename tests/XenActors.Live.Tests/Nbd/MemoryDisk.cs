using XenActors.Experiments.Nbd;
using XenActors.Live.Nbd;

namespace XenActors.Tests.Live.Nbd;

/// <summary>A disk in memory behind an NBD server, which answers at once, in the reverse order of a turn, or when it is told to.</summary>
internal sealed class MemoryDisk(int size) : INbdBackend
{
    private readonly List<NbdRequest> waiting = [];
    private INbdOutput output = null!;

    public byte[] Bytes { get; } = new byte[size];

    /// <summary>What it was asked, in order.</summary>
    public List<NbdRequestHeader> Asked { get; } = [];

    /// <summary>While true nothing is answered.</summary>
    public bool Holds { get; set; }

    /// <summary>What reads of this block of 512 bytes end with.</summary>
    public long BadBlock { get; set; } = -1;

    /// <summary>The most requests that it has had at once.</summary>
    public int WaitingMost { get; private set; }

    /// <summary>Done once, in the server's turn.</summary>
    public Action? Next { get; set; }

    public void Start(INbdOutput output) => this.output = output;

    public void Submit(NbdRequest request)
    {
        lock (Asked)
        {
            Asked.Add(request.Header);
        }

        waiting.Add(request);
        WaitingMost = Math.Max(WaitingMost, waiting.Count);
    }

    public void Work()
    {
        Next?.Invoke();
        Next = null;
        if (Holds) return;
        for (var i = waiting.Count - 1; i >= 0; i--) Do(waiting[i]);
        waiting.Clear();
    }

    private void Do(NbdRequest request)
    {
        var at = (long)request.Header.Offset;
        switch (request.Header.Command)
        {
            case NbdCommand.Read:
                for (var i = 0; i < request.Pieces.Length; i++)
                {
                    var length = request.LengthOfPiece(i);
                    request.Pieces[i] = Bytes.AsSpan((int)at, length).ToArray();
                    if (BadBlock >= at / 512 && BadBlock < (at + length) / 512) request.Error = NbdError.EIO;
                    at += length;
                }

                break;
            case NbdCommand.Write:
                foreach (var piece in request.Pieces)
                {
                    piece.CopyTo(Bytes, at);
                    at += piece.Length;
                }

                break;
            case NbdCommand.WriteZeroes or NbdCommand.Trim:
                Bytes.AsSpan((int)at, (int)request.Header.Length).Clear();
                break;
        }

        output.Complete(request);
    }
}
