namespace XenActors.SplitDrivers.Block.Front;

/// <summary>What a question to the grant table or to the event channels was for; part of its cookie.</summary>
public enum BlkfrontAsk : byte
{
    None,

    /// <summary>A ring's pages, or its port.</summary>
    Ring,

    /// <summary>Pages of one request.</summary>
    Data,

    /// <summary>A request's pages are taken back.</summary>
    End,

    /// <summary>An idle page is taken back if the backend does not map it any more.</summary>
    Purge,

    /// <summary>A page of a connection that is over is taken back.</summary>
    Release,
}
