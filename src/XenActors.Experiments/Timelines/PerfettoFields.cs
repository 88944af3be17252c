namespace XenActors.Experiments.Timelines;

/// <summary>
/// Field numbers and values of Perfetto's trace format that are written here, by message (github.com/google/perfetto, protos/perfetto/trace:
/// <c>trace.proto</c>, <c>trace_packet.proto</c>, <c>interned_data/interned_data.proto</c>, <c>track_event/*.proto</c>).
/// </summary>
internal static class PerfettoFields
{
    public const int TracePacket = 1;

    public const int PacketTimestamp = 8;
    public const int PacketSequence = 10;
    public const int PacketTrackEvent = 11;
    public const int PacketInternedData = 12;
    public const int PacketSequenceFlags = 13;
    public const int PacketTrackDescriptor = 60;

    /// <summary>SEQ_INCREMENTAL_STATE_CLEARED and SEQ_NEEDS_INCREMENTAL_STATE.</summary>
    public const ulong StateCleared = 1;
    public const ulong NeedsState = 2;

    public const int InternedEventNames = 2;
    public const int InternedAnnotationNames = 3;
    public const int InternedId = 1;
    public const int InternedName = 2;

    public const int TrackUuid = 1;
    public const int TrackName = 2;
    public const int TrackProcess = 3;
    public const int TrackParent = 5;
    public const int TrackCounter = 8;
    public const int TrackChildOrdering = 11;
    public const int TrackRank = 12;

    /// <summary>ChildTracksOrdering: by name, or as <see cref="TrackRank"/> says.</summary>
    public const ulong Lexicographic = 1;
    public const ulong Explicit = 3;

    public const int ProcessPid = 1;
    public const int ProcessName = 6;

    public const int EventAnnotations = 4;
    public const int EventType = 9;
    public const int EventNameId = 10;
    public const int EventTrack = 11;
    public const int EventCounterValue = 30;
    public const int EventFlows = 47;
    public const int EventTerminatingFlows = 48;

    public const ulong SliceBegin = 1;
    public const ulong SliceEnd = 2;
    public const ulong Instant = 3;
    public const ulong Counter = 4;

    public const int AnnotationNameId = 1;
    public const int AnnotationInt = 4;
    public const int AnnotationString = 6;
}
