namespace XenActors.Simulation;

/// <summary>
/// A handler that counts only in this behaviour (see <see cref="Actor.Become"/>); it hides the <c>On</c> method of the same message.
/// </summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true, Inherited = true)]
public sealed class WhenAttribute(string behaviour) : Attribute
{
    public string Behaviour { get; } = behaviour;
}
