namespace XenActors.Cluster;

/// <summary>What the user can mend: Open MPI is missing, a host is unknown. One line.</summary>
public sealed class ClusterException(string message, Exception? cause = null) : Exception(message, cause);
