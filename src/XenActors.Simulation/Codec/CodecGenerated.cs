using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace XenActors.Simulation;

/// <summary>What generated codecs call. Public only because they live in other assemblies.</summary>
public static class CodecGenerated
{
    /// <summary>Refuses a null that the member's type does not allow: the reader would refuse its bytes, and later.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T NotNull<T>([NotNull] T? value, string member)
        where T : class
    {
        if (value is null)
        {
            Refuse(member);
        }

        return value;
    }

    /// <summary>Spells an array of any element type, arrays included, in one way.</summary>
    public static T[] NewArray<T>(int count) => new T[count];

    /// <summary>Folds in the schema of a type from another assembly, whose members the compiler may not see.</summary>
    public static ulong MixSchema(ulong schema, ulong other)
    {
        // A hash: it is meant to wrap.
        return unchecked((ulong.RotateLeft(schema, 25) ^ other) * 0x9E3779B97F4A7C15UL);
    }

    [DoesNotReturn]
    private static void Refuse(string member) => throw new CodecException($"{member} is null, which its type does not allow");
}
