using XenActors.Abi;
using XenActors.Simulation;

namespace XenActors.Hypervisor.Domains;

/// <summary>From the toolstack to a domain's place: the domain exists from now on, paused (DOMCTL_createdomain and the build).</summary>
[Codec]
public sealed partial record CreateDomain(DomainSpec Spec);

/// <summary>To the toolstack: the domain is built; its store and console rings stand here.</summary>
[Codec]
public readonly partial record struct DomainBuilt(ushort Domain, ulong StoreGfn, uint StorePort, ulong ConsoleGfn, uint ConsolePort);

/// <summary>From the toolstack: the pause count falls by one (DOMCTL_unpausedomain); at zero the domain runs.</summary>
[Codec]
public readonly partial record struct UnpauseDomain;

/// <summary>From the toolstack: the pause count rises by one.</summary>
[Codec]
public readonly partial record struct PauseDomain;

/// <summary>From the device model: it serves this domain's ioreqs; who asks for I/O finds it here.</summary>
[Codec]
public readonly partial record struct ServeIoreqs;

/// <summary>From the device model's kernel: its process has ended, and its ioreq server with it.</summary>
[Codec]
public readonly partial record struct DeviceModelEnded;

/// <summary>CPUID, from a vCPU of this domain.</summary>
[Codec]
public readonly partial record struct Cpuid(uint Leaf);

[Codec]
public readonly partial record struct CpuidResult(uint Leaf, uint Eax, uint Ebx, uint Ecx, uint Edx);

/// <summary>
/// One of the simple hypercalls: number, sub-operation and arguments as Xen's headers have them. Event channels and grants have
/// messages of their own.
/// </summary>
[Codec]
public readonly partial record struct CallHypervisor(Hypercall Number, uint Operation, ulong Arg0, ulong Arg1);

/// <summary>A negative errno, or what the operation returns; <see cref="Value"/> is what it writes into its argument.</summary>
[Codec]
public readonly partial record struct HypercallResult(Hypercall Number, uint Operation, ulong Arg0, long Result, ulong Value);
