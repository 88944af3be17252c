namespace XenActors.Cli;

/// <summary>One line of stderr that is written over itself, and only where somebody watches.</summary>
internal static class ProgressLine
{
    private const int Width = 78;

    public static Action<T>? Of<T>(Func<T, string> text) => Console.IsErrorRedirected ? null : p => Console.Error.Write($"\r{text(p)} ");

    public static void End()
    {
        if (!Console.IsErrorRedirected)
        {
            Console.Error.Write("\r" + new string(' ', Width) + "\r");
        }
    }
}
