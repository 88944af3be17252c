namespace XenActors.Toolstack.Xl;

/// <summary>A value of the configuration grammar: <see cref="XlString"/> or <see cref="XlList"/>.</summary>
public abstract record XlValue(SourcePosition Position);
