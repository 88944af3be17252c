namespace XenActors.Simulation;

/// <summary>Bytes that are not what the codec wrote, or a value that the codec cannot write. Says where.</summary>
public sealed class CodecException : Exception
{
    public CodecException(string message)
        : base(message)
    {
    }

    public CodecException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
