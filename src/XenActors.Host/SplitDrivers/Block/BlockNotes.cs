using XenActors.Simulation;

namespace XenActors.SplitDrivers.Block;

// To observers: what happens to a ring's requests. A ring is called by the reference of its first page.

/// <summary>blkfront has put a request on its ring.</summary>
[Codec]
public readonly partial record struct RingRequestSent(uint Ring, ulong Id);

/// <summary>blkfront has taken a response from its ring, whatever it then makes of it.</summary>
[Codec]
public readonly partial record struct RingResponseTaken(uint Ring, ulong Id);

/// <summary>blkfront has given up the ring: what is out there is queued anew or fails.</summary>
[Codec]
public readonly partial record struct RingLeft(uint Ring);

/// <summary>The backend has taken a request from a frontend's ring.</summary>
[Codec]
public readonly partial record struct RingRequestTaken(ushort Frontend, uint Ring, ulong Id);

/// <summary>The backend has put a response on the ring.</summary>
[Codec]
public readonly partial record struct RingResponseSent(ushort Frontend, uint Ring, ulong Id);

/// <summary>The backend has written into a page that it has mapped from another domain.</summary>
[Codec]
public readonly partial record struct ForeignPageWritten(ushort Owner, uint Ref);

/// <summary>The frontend has found nothing wrong with a response, and takes it for the answer to its request.</summary>
[Codec]
public readonly partial record struct RingResponseBelieved(uint Ring, ulong Id);
