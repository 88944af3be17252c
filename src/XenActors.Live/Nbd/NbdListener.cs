using XenActors.Live.Native;

namespace XenActors.Live.Nbd;

/// <summary>An address and what is to be had there. Until something is, those who connect wait.</summary>
internal sealed class NbdListener(ListeningSocket socket, NbdAddress address)
{
    public ListeningSocket Socket { get; } = socket;

    public NbdAddress Address { get; } = address;

    /// <summary>Empty until there is something to be had.</summary>
    public IReadOnlyList<NbdExport> Exports { get; set; } = [];

    /// <summary>Whether epoll looks at it.</summary>
    public bool Watched { get; set; }

    /// <summary>Somebody has knocked before there was something to be had.</summary>
    public bool Knocked { get; set; }

    public bool Closed { get; set; }
}
