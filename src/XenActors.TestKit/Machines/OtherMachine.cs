namespace XenActors.TestKit.Machines;

/// <summary>One more machine in a test; its failures repeat that test.</summary>
internal sealed class OtherMachine(Type test) : MachineTest
{
    internal override Type TestClass => test;
}
