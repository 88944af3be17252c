namespace XenActors.Toolstack.Xl;

/// <summary>libxl_timer_mode: how an HVM guest gets the timer ticks that it missed.</summary>
public enum TimerMode
{
    DelayForMissedTicks = 0,
    NoDelayForMissedTicks = 1,
    NoMissedTicksPending = 2,
    OneMissedTickPending = 3,
}
