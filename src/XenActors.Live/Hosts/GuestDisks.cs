using System.Globalization;
using XenActors.Experiments;
using XenActors.Experiments.Boot;
using XenActors.Experiments.Nbd;
using XenActors.Experiments.Recordings;
using XenActors.Guest.Block;
using XenActors.Guest.Block.Outside;
using XenActors.Live.Nbd;

namespace XenActors.Live.Hosts;

/// <summary>
/// Guests' disks behind an NBD server: what a client asks becomes what a program in the guest asks of the block layer, past the page cache. A disk is
/// to be had when its guest has booted.
/// </summary>
internal sealed class GuestDisks : INbdBackend, IOutsideDiskUsers, IDisposable
{
    private const int SectorSize = 512;

    // Pieces in which the kernel's driver can take a payload at once, but neither tiny nor so large that they live long.
    private const uint PieceSectorsMin = 8;
    private const uint PieceSectorsMax = 2048;

    // So much is zeroed at a time.
    private const uint ZeroStep = 4 << 20;

    private readonly List<GuestDisk> disks = [];
    private readonly NbdServer server;
    private readonly Dictionary<long, (NbdRequest Request, int Piece)> pending = [];
    private readonly Action<string> tell;
    private INbdOutput output = null!;
    private LiveSession session = null!;

    /// <exception cref="UserErrorException">There is no such guest, or an address cannot be listened at.</exception>
    public GuestDisks(BootSession boot, IReadOnlyList<NbdExportOption> exports, NbdServerOptions options, TimeProvider clock, Action<string> tell)
    {
        this.tell = tell;
        server = new NbdServer(this, options, clock);
        try
        {
            var listeners = new Dictionary<NbdAddress, NbdListener>();
            foreach (var export in exports)
            {
                var disk = new SessionDisk(Find(boot, export), export.Device);
                if (!listeners.TryGetValue(export.Address, out var listener))
                {
                    listener = server.Listen(export.Address);
                    listeners.Add(export.Address, listener);
                }

                if (disks.Exists(d => d.Disk == disk)) throw new UserErrorException($"--nbd {export}: {export.Domain}/{export.Device} is given twice");
                disks.Add(new GuestDisk(disks.Count + 1, disk, boot.Configs[disk.Guest].Name, listener));
            }
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    public IReadOnlyList<SessionDisk> Disks => [.. disks.Select(d => d.Disk)];

    /// <summary>Readable when a client has something to say.</summary>
    public int Descriptor => server.Descriptor;

    /// <summary>Milliseconds after which the server has something to do by itself; -1 for never.</summary>
    public int Patience => server.Patience;

    /// <summary>How many things the guests' block layers have been asked and have not answered.</summary>
    public int Outstanding => pending.Count;

    /// <summary>How many answers wait in the mailboxes.</summary>
    public int Answers
    {
        get
        {
            var count = 0;
            foreach (var disk in disks) count += disk.Waiting;
            return count;
        }
    }

    public long Clients => server.Clients;

    /// <summary>The session whose guests these are, once there is one.</summary>
    public void Serve(LiveSession session) => this.session = session;

    public void Start(INbdOutput output) => this.output = output;

    /// <summary>Takes in what the clients say. True when one has come before there was something to be had.</summary>
    public bool Receive() => server.Receive();

    /// <summary>Opens the disks of guests that have booted since. True when there were some.</summary>
    public bool Look()
    {
        var opened = false;
        foreach (var disk in disks)
        {
            if (disk.Stage != GuestDiskStage.Awaited) continue;
            if (session.Machine.Domain(session.Machine.Guests[disk.Disk.Guest]).Outcome is not { } outcome) continue;
            if (outcome.Ok)
            {
                disk.Stage = GuestDiskStage.Opening;
                session.OpenDisk(disk.User);
                opened = true;
            }
            else
            {
                Withdraw(disk, $"{disk.Guest} has not booted");
            }
        }

        return opened;
    }

    /// <summary>Takes what the simulation has answered; returns how many answers there were.</summary>
    public int Take()
    {
        var count = 0;
        foreach (var disk in disks)
        {
            if (disk.News is { } news)
            {
                disk.News = null;
                TakeNews(disk, news.Error, news.Geometry);
            }

            if (disk.Waiting == 0) continue;
            var answers = disk.Take();
            count += answers.Count;
            foreach (ref readonly var answer in System.Runtime.InteropServices.CollectionsMarshal.AsSpan(answers)) TakeAnswer(in answer);
        }

        return count;
    }

    /// <summary>Answers clients. True when that gave the simulation more to do.</summary>
    public bool Send() => server.Send();

    public void Submit(NbdRequest request)
    {
        ref readonly var header = ref request.Header;
        var flags = header.Flags.HasFlag(NbdCommandFlags.Fua) && request.Pieces.Length == 1 ? BlockIoFlags.Dsync : BlockIoFlags.None;
        switch (header.Command)
        {
            case NbdCommand.Read:
                for (var i = 0; i < request.Pieces.Length; i++) Ask(request, i, BlockIoOperation.Read, BlockIoFlags.None, OffsetOf(request, i), (uint)request.LengthOfPiece(i), []);
                break;
            case NbdCommand.Write:
                for (var i = 0; i < request.Pieces.Length; i++) Ask(request, i, BlockIoOperation.Write, flags, OffsetOf(request, i), (uint)request.LengthOfPiece(i), request.Pieces[i]);
                break;
            case NbdCommand.Flush:
                Ask(request, 0, BlockIoOperation.Sync, BlockIoFlags.None, 0, 0, []);
                break;
            case NbdCommand.Trim:
                Trim(request);
                break;
            case NbdCommand.WriteZeroes:
                request.Next = header.Offset;
                Zero(request);
                break;
            default:
                throw new InvalidOperationException($"{header.Command} is none of the commands that are offered");
        }
    }

    /// <summary>Requests on their way are told that they will not be done.</summary>
    public void Dispose() => server.Dispose();

    void IOutsideDiskUsers.Opened(int user, BlockErrno error, in BlockGeometry geometry) => disks[user - 1].News = (error, geometry);

    void IOutsideDiskUsers.Done(int user, in BlockIoDone done) => disks[user - 1].Put(in done);

    void IOutsideDiskUsers.Changed(int user, in BlockGeometry geometry) =>
        disks[user - 1].News = (geometry.Sectors == 0 ? BlockErrno.ENXIO : BlockErrno.None, geometry);

    private static int Find(BootSession boot, NbdExportOption export)
    {
        for (var i = 0; i < boot.Configs.Count; i++)
        {
            if (boot.Configs[i].Name == export.Domain) return i;
        }

        if (int.TryParse(export.Domain, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number - boot.Host.FirstDomain is >= 0 and var index && index < boot.Configs.Count)
        {
            return index;
        }

        var known = string.Join(", ", boot.Configs.Select((c, i) => string.Create(CultureInfo.InvariantCulture, $"{c.Name} (domain {boot.Host.FirstDomain + i})")));
        throw new UserErrorException($"--nbd {export}: expected one of {(known.Length == 0 ? "no guests" : known)} but found {export.Domain}");
    }

    private static ulong OffsetOf(NbdRequest request, int piece) => request.Header.Offset + (ulong)piece * (ulong)request.Export.PieceSize;

    private void Ask(NbdRequest request, int piece, BlockIoOperation operation, BlockIoFlags flags, ulong offset, uint length, byte[] data)
    {
        request.Outstanding++;
        var cookie = session.DiskIo(request.Export.Disk, operation, flags, offset / SectorSize, length / SectorSize, data);
        pending.Add(cookie, (request, piece));
    }

    // Whole blocks of the disk's own, as far as there are some: a client may ask for any.
    private void Trim(NbdRequest request)
    {
        var granularity = request.Export.TrimGranularity;
        var start = (request.Header.Offset + granularity - 1) / granularity * granularity;
        var end = (request.Header.Offset + request.Header.Length) / granularity * granularity;
        if (start < end) Ask(request, 0, BlockIoOperation.Discard, BlockIoFlags.None, start, (uint)(end - start), []);
        else output.Complete(request);
    }

    private void Zero(NbdRequest request)
    {
        var length = (uint)Math.Min(ZeroStep, request.Header.Offset + request.Header.Length - request.Next);
        Ask(request, 0, BlockIoOperation.WriteZeroes, BlockIoFlags.None, request.Next, length, []);
        request.Next += length;
    }

    private void TakeAnswer(in BlockIoDone answer)
    {
        if (!pending.Remove(answer.Cookie, out var part)) return;
        var request = part.Request;
        if (!answer.Ok) request.Error = ErrorOf(answer.Error);
        else if (request.Header.Command == NbdCommand.Read) request.Pieces[part.Piece] = answer.Data;
        if (--request.Outstanding > 0) return;
        if (request.Error != NbdError.None)
        {
            output.Complete(request);
            return;
        }

        if (request.Header.Command == NbdCommand.WriteZeroes && request.Next < request.Header.Offset + request.Header.Length)
        {
            Zero(request);
        }
        else if (request.Header.Flags.HasFlag(NbdCommandFlags.Fua) && !request.Synced && NeedsSync(request))
        {
            request.Synced = true;
            Ask(request, 0, BlockIoOperation.Sync, BlockIoFlags.None, 0, 0, []);
        }
        else
        {
            output.Complete(request);
        }
    }

    // A write of one piece went out with its own.
    private static bool NeedsSync(NbdRequest request) => request.Header.Command switch
    {
        NbdCommand.Write => request.Pieces.Length > 1,
        NbdCommand.WriteZeroes or NbdCommand.Trim => true,
        _ => false,
    };

    private static NbdError ErrorOf(BlockErrno error) => error switch
    {
        BlockErrno.EPERM or BlockErrno.EBADF => NbdError.EPERM,
        BlockErrno.EINVAL or BlockErrno.EOPNOTSUPP => NbdError.EINVAL,
        BlockErrno.ENOSPC => NbdError.ENOSPC,
        _ => NbdError.EIO,
    };

    private void TakeNews(GuestDisk disk, BlockErrno error, in BlockGeometry geometry)
    {
        if (error != BlockErrno.None)
        {
            Withdraw(disk, error == BlockErrno.ENXIO ? $"{disk.Guest} has no {disk.Disk.Device}" : $"{disk.Guest} cannot open {disk.Disk.Device}: {error}");
            return;
        }

        var piece = Math.Clamp(geometry.MaxSectors / PieceSectorsMin * PieceSectorsMin, PieceSectorsMin, PieceSectorsMax);
        disk.Export = new NbdExport
        {
            Name = disk.Name,
            Description = string.Create(CultureInfo.InvariantCulture, $"/dev/{disk.Disk.Device} of {disk.Guest} (domain {session.Machine.Guests[disk.Disk.Guest]})"),
            Disk = disk.User,
            Size = geometry.Sectors * SectorSize,
            ReadOnly = geometry.ReadOnly,
            BlockSizeMin = geometry.LogicalBlockSize,
            BlockSizePreferred = Math.Max(4096, geometry.PhysicalBlockSize),
            Trims = geometry.DiscardGranularity > 0,
            TrimGranularity = Math.Max(SectorSize, geometry.DiscardGranularity),
            PieceSize = (int)piece * SectorSize,
        };
        var first = disk.Stage != GuestDiskStage.Open;
        disk.Stage = GuestDiskStage.Open;
        Offer(disk.Listener);
        if (first) tell(string.Create(CultureInfo.InvariantCulture, $"{HostWatch.At(session.Now)}: serving {disk.Name}, {disk.Export.Size} bytes{(disk.Export.ReadOnly ? ", read-only" : "")}: {disk.Listener.Address.Uri}"));
    }

    private void Withdraw(GuestDisk disk, string reason)
    {
        disk.Stage = GuestDiskStage.Gone;
        tell($"{HostWatch.At(session.Now)}: {disk.Listener.Address}: {reason}");
        Offer(disk.Listener);
    }

    // Once it is known of all disks at an address whether they are to be had.
    private void Offer(NbdListener listener)
    {
        var there = disks.Where(d => d.Listener == listener).ToList();
        if (there.Exists(d => d.Stage < GuestDiskStage.Open)) return;
        var open = there.Where(d => d.Stage == GuestDiskStage.Open).Select(d => d.Export!).ToList();
        if (open.Count > 0) server.Offer(listener, open);
        else server.Withdraw(listener);
    }
}
