namespace XenActors.Toolstack.Xl;

/// <summary>How xl reads a key's value.</summary>
public enum XlKeyType
{
    String,
    Number,

    /// <summary>A number of which 0 is false; unset is a third state.</summary>
    Bool,

    /// <summary>MiB.</summary>
    Memory,
    List,
    StringOrList,

    /// <summary>A name, or its number (deprecated).</summary>
    Choice,
}
