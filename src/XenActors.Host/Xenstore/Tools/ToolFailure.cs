namespace XenActors.Xenstore.Tools;

/// <summary>A tool ends here, with a line on stderr behind its name and exit code 1, as C's <c>err</c> and <c>errx</c> do.</summary>
public sealed class ToolFailure(string message) : Exception(message);
