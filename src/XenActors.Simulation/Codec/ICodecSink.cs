namespace XenActors.Simulation;

/// <summary>
/// Receives a value's members in order. Sinks are structs, so that the JIT specialises <c>Encode&lt;TSink&gt;</c> for
/// each: a fingerprint never builds the bytes that a snapshot needs.
/// </summary>
public interface ICodecSink
{
    void Unsigned(ulong value);

    void Signed(long value);

    /// <summary>Null and the empty text are different values.</summary>
    void Text(string? value);

    void Bytes(ReadOnlySpan<byte> value);
}
