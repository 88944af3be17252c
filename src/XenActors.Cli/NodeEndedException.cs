namespace XenActors.Cli;

/// <summary>This process is one of several, and another one tells why all end.</summary>
internal sealed class NodeEndedException(int code) : Exception
{
    public int Code => code;
}
