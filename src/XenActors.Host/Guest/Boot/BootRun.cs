using XenActors.Simulation;

namespace XenActors.Guest.Boot;

/// <summary>
/// One step of the boot on its way. A step is written straight down, as the kernel's source is, and yields each question. It is run
/// again from its beginning with the answers so far whenever one arrives, so that what a boot remembers is data: the step's number and
/// its answers. Hence a step decides by answers, locals and what earlier steps left, and changes nothing but through
/// <see cref="Print(string)"/> and under <see cref="Live"/>.
/// </summary>
public sealed class BootRun(GuestKernelState state, VirtualTime now)
{
    public GuestKernelState State { get; } = state;

    public KernelProfile Profile => State.Spec.Kernel;

    /// <summary>False while known answers are given again: nothing may change then.</summary>
    public bool Live { get; set; }

    /// <summary>The answer to what was asked last.</summary>
    public BootAnswer Answer { get; set; } = BootAnswer.Empty;

    public void Print(string text)
    {
        if (Live)
        {
            State.Print(now, text);
        }
    }

    /// <summary>Prints a message of the profile; a kernel that does not have it stays silent.</summary>
    public void Print(string message, params ReadOnlySpan<(string Name, string Value)> values)
    {
        if (Profile.Format(message, values) is { } text)
        {
            Print(text);
        }
    }

    /// <summary>A message without values.</summary>
    public void Say(string message) => Print(message, []);

    public BootAsk Sleep(string number, long microsecondsOtherwise) =>
        BootAsk.Sleep(VirtualDuration.FromMicroseconds(Profile.Number(number, microsecondsOtherwise)));
}
