using System.Buffers.Binary;
using XenActors.Simulation;
using XenActors.SplitDrivers.Net;

namespace XenActors.Experiments.Workloads.Net;

/// <summary>What stands in a workload's frame behind its header; the rest of the frame follows from it, and a check value covers all of it.</summary>
/// <param name="Stream">The job's number.</param>
/// <param name="Domain">The sender's, as its host numbers it.</param>
/// <param name="Sequence">From 0 on.</param>
/// <param name="Length">Of the whole frame.</param>
/// <param name="SentNs">Virtual time.</param>
/// <param name="Reply">It is on its way back.</param>
public readonly record struct NetStamp(uint Stream, ushort Domain, long Sequence, int Length, long SentNs, bool Reply)
{
    private const uint Magic = 0x58_4E_45_54; // XNET
    private const int At = EthernetHeader.SizeOf;
    private const int CheckAt = At + 32;

    /// <summary>Header, stamp and check value.</summary>
    public const int FrameMin = CheckAt + 8;

    public byte[] Frame(MacAddress to, MacAddress from)
    {
        var bytes = new byte[Length];
        EthernetHeader.Write(bytes, to, from, EthernetHeader.Experimental);
        var body = bytes.AsSpan(At);
        BinaryPrimitives.WriteUInt32LittleEndian(body, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(body[4..], Stream);
        BinaryPrimitives.WriteUInt16LittleEndian(body[8..], Domain);
        BinaryPrimitives.WriteUInt16LittleEndian(body[10..], Reply ? (ushort)1 : (ushort)0);
        BinaryPrimitives.WriteInt32LittleEndian(body[12..], Length);
        BinaryPrimitives.WriteInt64LittleEndian(body[16..], Sequence);
        BinaryPrimitives.WriteInt64LittleEndian(body[24..], SentNs);
        Fill(bytes.AsSpan(FrameMin));
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(CheckAt), Check(bytes));
        return bytes;
    }

    /// <summary>Null when the frame is damaged, or is none of a workload's.</summary>
    public static NetStamp? Read(ReadOnlySpan<byte> frame)
    {
        if (frame.Length < FrameMin)
        {
            return null;
        }

        var body = frame[At..];
        var stamp = new NetStamp(
            BinaryPrimitives.ReadUInt32LittleEndian(body[4..]),
            BinaryPrimitives.ReadUInt16LittleEndian(body[8..]),
            BinaryPrimitives.ReadInt64LittleEndian(body[16..]),
            BinaryPrimitives.ReadInt32LittleEndian(body[12..]),
            BinaryPrimitives.ReadInt64LittleEndian(body[24..]),
            BinaryPrimitives.ReadUInt16LittleEndian(body[10..]) != 0);
        return BinaryPrimitives.ReadUInt32LittleEndian(body) == Magic && stamp.Length == frame.Length
            && BinaryPrimitives.ReadUInt64LittleEndian(frame[CheckAt..]) == Check(frame)
            ? stamp
            : null;
    }

    // So that no two frames of a stream have the same bytes anywhere.
    private void Fill(Span<byte> bytes)
    {
        var state = ((ulong)Stream << 40) ^ (ulong)Sequence;
        for (var i = 0; i < bytes.Length; i++)
        {
            if ((i & 7) == 0)
            {
                // A linear congruential step: modulo 2^64.
                state = unchecked((state * 6364136223846793005) + 1442695040888963407);
            }

            bytes[i] = (byte)((state >> (8 * (i & 7))) & 0xFF);
        }
    }

    // FNV-1a over stamp and contents, addresses left out: a reply has others. Modulo 2^64.
    private static ulong Check(ReadOnlySpan<byte> frame)
    {
        var hash = 14695981039346656037UL;
        for (var i = At; i < frame.Length; i++)
        {
            if (i is < CheckAt or >= FrameMin)
            {
                hash = unchecked((hash ^ frame[i]) * 1099511628211);
            }
        }

        return hash;
    }
}
