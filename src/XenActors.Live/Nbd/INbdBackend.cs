namespace XenActors.Live.Nbd;

/// <summary>What is behind the exports. Called on the server's thread only.</summary>
internal interface INbdBackend
{
    /// <summary>Once, before anything else.</summary>
    void Start(INbdOutput output);

    /// <summary>Takes a request; says that it is done before this returns, or later.</summary>
    void Submit(NbdRequest request);

    /// <summary>Once a turn, when all have been heard, before they are answered.</summary>
    void Work()
    {
    }
}

/// <summary>Where a backend says what is done.</summary>
internal interface INbdOutput
{
    /// <summary>A request has ended, with <see cref="NbdRequest.Error"/> or well. It may have been its client's last: that is not the backend's business.</summary>
    void Complete(NbdRequest request);
}
