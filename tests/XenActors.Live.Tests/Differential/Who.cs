namespace XenActors.Tests.Live.Differential;

/// <summary>A client of a sequence: the tools' sockets A, B and C, and the guests d1, d2 and d3 on their rings.</summary>
internal readonly record struct Who(int Number)
{
    public const int SocketCount = 3;

    public static readonly Who A = new(0);

    public static IEnumerable<Who> Sockets => Enumerable.Range(0, SocketCount).Select(n => new Who(n));

    public static IEnumerable<Who> Guests => Enumerable.Range(1, 3).Select(n => Guest((ushort)n));

    public bool IsGuest => Number >= SocketCount;

    public ushort Domid => IsGuest ? (ushort)(Number - SocketCount + 1) : (ushort)0;

    public static Who Guest(ushort domid) => new(SocketCount + domid - 1);

    public override string ToString() => IsGuest ? $"d{Domid}" : ((char)('A' + Number)).ToString();
}
