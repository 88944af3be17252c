namespace XenActors.Experiments;

/// <summary>The user's mistake, in one line: what, where (file:line:column where there is one), what was expected. Exit code 2.</summary>
public sealed class UserErrorException : Exception
{
    public UserErrorException(string message)
        : base(message)
    {
    }

    public UserErrorException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
