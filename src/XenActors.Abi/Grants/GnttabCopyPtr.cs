namespace XenActors.Abi;

/// <summary>One end of a copy: a grant reference or a frame number in <paramref name="RefOrGmfn"/>, as the copy's flags say.
/// Source: <c>public/grant_table.h</c>.</summary>
public readonly record struct GnttabCopyPtr(ulong RefOrGmfn, DomId Domid, ushort Offset)
{
    /// <summary>The grant reference: the low half, as the C union has it.</summary>
    public GrantRef Ref => new((uint)(RefOrGmfn & uint.MaxValue));

    public Gfn Gmfn => new(RefOrGmfn);
}
