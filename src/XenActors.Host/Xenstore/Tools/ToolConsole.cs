namespace XenActors.Xenstore.Tools;

/// <summary>Where a tool prints, byte for byte: both writers are to write Latin-1.</summary>
/// <param name="Output">stdout.</param>
/// <param name="Errors">stderr.</param>
/// <param name="Columns">The terminal's width when stdout is one.</param>
public sealed record ToolConsole(TextWriter Output, TextWriter Errors, int? Columns);
