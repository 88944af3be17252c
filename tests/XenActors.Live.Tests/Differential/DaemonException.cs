namespace XenActors.Tests.Live.Differential;

/// <summary>A daemon that says nothing any more, or has gone.</summary>
internal sealed class DaemonException(string message) : Exception(message);
