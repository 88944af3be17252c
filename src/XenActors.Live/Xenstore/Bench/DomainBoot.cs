using System.Globalization;

namespace XenActors.Live.Xenstore.Bench;

/// <summary>
/// What is asked of xenstore while one domain with a disk, a network card and a console is created and boots: the flows of a recorded
/// Xen 4.17 host (toolstack, hotplug scripts, xenconsoled, backends, guest), with fewer devices and fewer looks at what is already known:
/// 38 % WRITE, 28 % READ, 12 % DIRECTORY, 6 % transactions' ends, 4 % SET_PERMS, 3 % WATCH. The tree lies below a node of the benchmark's
/// own, and nobody is introduced, so that it can run against any daemon.
/// </summary>
internal sealed class DomainBoot
{
    public const int Requests = 309;
    public const int Nodes = 133;
    public const int Transactions = 9;

    private readonly BootScript boot = new();
    private readonly BootScript end = new();
    private readonly string root;
    private readonly int domid;
    private readonly string domain;
    private readonly string vm;
    private readonly string libxl;

    public DomainBoot(string root, int domid)
    {
        (this.root, this.domid) = (root, domid);
        domain = Path($"/local/domain/{domid}");
        vm = Path($"/vm/85a53931-2b19-4c9a-b8d7-{domid:x12}");
        libxl = Path($"/libxl/{domid}");
        CreateDomain();
        BuildDomain();
        AddDevice("vbd", "768", ["virtual-device 768", "device-type disk"], ["params /dev/loop0", "script /etc/xen/scripts/block", "removable 0", "bootable 1", "dev xvda", "type phy", "mode w", "device-type disk", "discard-enable 1"]);
        Prepare("vbd", "768", ["feature-max-indirect-segments 256", "multi-queue-max-queues 1", "max-ring-page-order 4"]);
        Plug("vbd", "768", ["type", "params", "mode", "physical-device"], ["physical-device 7:0", "physical-device-path /dev/loop0", "hotplug-status connected"]);
        AddDevice("vif", "0", ["handle 0", "mac 00:16:3e:00:00:01"], ["script /etc/xen/scripts/vif-bridge", "mac 00:16:3e:00:00:01", "bridge xenbr0", "handle 0", "type vif"]);
        Prepare("vif", "0", ["feature-sg 1", "feature-rx-copy 1", "feature-split-event-channels 1"]);
        Plug("vif", "0", ["script", "mac", "bridge", "handle"], ["hotplug-status connected"]);
        AddConsole();
        StartGuest();
        Connect("vbd", "768", ["multi-queue-max-queues", "max-ring-page-order", "discard-enable"], ["ring-ref 8", "event-channel 9", "protocol x86_64-abi"], ["sectors 131072", "sector-size 512"]);
        Connect("vif", "0", ["feature-sg", "feature-rx-copy", "type"], ["tx-ring-ref 768", "rx-ring-ref 769", "event-channel 10", "request-rx-copy 1"], []);
        Destroy();
    }

    /// <summary>The boot.</summary>
    public IReadOnlyList<BootStep> Steps => boot.Steps;

    /// <summary>The domain's end: its nodes and the backends' watches go.</summary>
    public IReadOnlyList<BootStep> End => end.Steps;

    /// <summary>What every host has before its first domain.</summary>
    public static IEnumerable<string> HostNodes(string root) =>
        from node in (string[])["local/domain/0/name", "local/domain/0/backend/vbd", "local/domain/0/backend/vif", "local/domain/0/backend/console", "local/pool/0/name", "vm", "libxl"]
        select $"{root}/{node}";

    private string Path(FormattableString path) => root + path.ToString(CultureInfo.InvariantCulture);

    private string Backend(string kind, string device) => Path($"/local/domain/0/backend/{kind}/{domid}/{device}");

    private string Reader => FormattableString.Invariant($"r{domid}");

    private string Owner => FormattableString.Invariant($"n{domid}");

    private void CreateDomain()
    {
        boot.As(BootPeer.Tools);
        boot.Read(Path($"/local/pool/0/name"));
        boot.DomainPath(domid);
        boot.Begin();
        foreach (var top in (string[])[domain, vm, libxl])
        {
            boot.Rm(top);
            boot.Write(top);
            boot.Perms(top, "n0", Reader);
        }

        boot.Write(libxl + "/device");
        boot.Write(domain + "/vm", vm);
        boot.Read(Path($"/local/domain/0/name"), domain + "/name");
        boot.Write(domain + "/name", "guest");
        boot.Write(vm + "/name", "guest");
        foreach (var node in (string[])["cpu", "memory", "device", "control"])
        {
            boot.Write($"{domain}/{node}");
            boot.Perms($"{domain}/{node}", "n0", Reader);
        }

        foreach (var node in (string[])["device/suspend/event-channel", "control/shutdown", "data"])
        {
            boot.Write($"{domain}/{node}");
            boot.Perms($"{domain}/{node}", Owner);
        }

        foreach (var node in (string[])["control/feature-poweroff", "control/feature-reboot", "control/feature-suspend", "control/sysrq", "drivers", "feature", "attr", "error"]) boot.Write($"{domain}/{node}");
        boot.Write(vm + "/uuid", vm[(vm.LastIndexOf('/') + 1)..]);
        boot.Write(domain + "/control/platform-feature-multiprocessor-suspend", "1");
        boot.Write(domain + "/control/platform-feature-xs_reset_watches", "1");
        boot.Write(libxl + "/type", "pvh");
        boot.Commit();
        boot.Write(libxl + "/dm-version", "qemu_xen");
        boot.Read(libxl + "/type", Path($"/local/pool/0/name"));
    }

    private void BuildDomain()
    {
        boot.DomainPath(domid);
        boot.Read(domain + "/vm");
        boot.Begin();
        foreach (var node in (string[])["memory/static-max 262144", "memory/target 253952", "memory/videoram 0", "domid 7", "store/port 1", "store/ring-ref 1044476", "cpu/0/availability online", "platform/acpi 1", "platform/acpi_s3 1", "platform/acpi_s4 1"]) Write(domain, node);
        Write(vm, "rtc/timeoffset ");
        Write(vm, "image/ostype hvm");
        Write(vm, "start_time 1795333642.52");
        boot.Commit();
        boot.DomainPath(domid);
        boot.Watch(domain + "/console", "dom");
        boot.Read(domain + "/console/ring-ref");
    }

    private void Write(string above, string nodeAndValue)
    {
        var space = nodeAndValue.IndexOf(' ', StringComparison.Ordinal);
        boot.Write($"{above}/{nodeAndValue[..space]}", nodeAndValue[(space + 1)..]);
    }

    // libxl__device_generic_add: libxl's own tree, the frontend's and the backend's, in one transaction.
    private void AddDevice(string kind, string device, string[] frontend, string[] backend)
    {
        var (front, back, own) = ($"{domain}/device/{kind}/{device}", Backend(kind, device), $"{libxl}/device/{kind}/{device}");
        boot.As(BootPeer.Tools);
        boot.Begin();
        boot.Read(own);
        boot.DomainPath(domid);
        boot.Rm(own);
        boot.Write(own + "/frontend", front);
        boot.Write(own + "/backend", back);
        boot.Rm(front);
        boot.Mkdir(front);
        boot.Perms(front, Owner, "r0");
        foreach (var node in (string[])[$"backend {back}", "backend-id 0", "state 1", .. frontend]) Write(front, node);
        boot.Rm(back);
        boot.Mkdir(back);
        boot.Perms(back, "n0", Reader);
        foreach (var node in (string[])[$"frontend {front}", "frontend-id 7", "online 1", "state 1", .. backend]) Write(back, node);
        boot.Commit();
        boot.Watch(back + "/state", "3/0");
    }

    // The backend's driver probes and waits for the hotplug script.
    private void Prepare(string kind, string device, string[] features)
    {
        var (front, back) = ($"{domain}/device/{kind}/{device}", Backend(kind, device));
        boot.As(BootPeer.Backends);
        boot.List(back);
        boot.Read(back + "/state", back + "/frontend-id", back + "/frontend");
        boot.List(front);
        foreach (var feature in features) Write(back, feature);
        boot.Begin();
        boot.Read(back + "/state");
        boot.Write(back + "/state", "2");
        boot.Commit();
        boot.Watch(front + "/state", "fe");
        // Every change below "backend" wakes it: it looks whether that is a device.
        boot.List(back + "/frontend", back + "/frontend-id", back + "/online", back + "/state", back + "/script");
        foreach (var feature in features) boot.List($"{back}/{feature.Split(' ')[0]}");
        boot.Read(front + "/state");
    }

    // The hotplug script.
    private void Plug(string kind, string device, string[] looks, string[] writes)
    {
        var back = Backend(kind, device);
        boot.As(BootPeer.Tools);
        boot.Read(back + "/state");
        boot.Unwatch(back + "/state", "3/0");
        foreach (var look in looks) boot.Read($"{back}/{look}");
        foreach (var write in writes)
        {
            boot.As(BootPeer.Tools);
            Write(back, write);
            boot.As(BootPeer.Backends);
            boot.List($"{back}/{write.Split(' ')[0]}");
        }

        boot.Read(back + "/hotplug-status");
    }

    private void AddConsole()
    {
        var (front, back, own) = (domain + "/console", Backend("console", "0"), libxl + "/device/console/0");
        boot.As(BootPeer.Tools);
        boot.Begin();
        boot.DomainPath(domid);
        boot.Write(own + "/frontend", front);
        boot.Write(own + "/backend", back);
        boot.Perms(front, "n0", Reader);
        foreach (var node in (string[])[$"backend {back}", "backend-id 0", "limit 1048576", "type xenconsoled", "output pty", "tty ", "port 2", "ring-ref 1044479"]) Write(front, node);
        foreach (var node in (string[])[$"frontend {front}", "frontend-id 7", "online 1", "state 1", "protocol vt100"]) Write(back, node);
        boot.Commit();
        // xenconsoled looks at everything after every change.
        for (var change = 0; change < 6; change++) boot.Read(front + "/ring-ref", front + "/port", front + "/type");
        boot.Read(front + "/limit", domain + "/name");
        boot.Write(front + "/tty", "/dev/pts/0");
        boot.As(BootPeer.Backends);
        boot.List(back, back + "/frontend", back + "/frontend-id", back + "/online", back + "/state", back + "/protocol");
    }

    // The guest's kernel looks around.
    private void StartGuest()
    {
        boot.As(BootPeer.Guest);
        boot.Watch(domain + "/control/shutdown", "shutdown");
        boot.Watch(domain + "/memory/target", "target");
        boot.Watch(domain + "/device", "device");
        boot.Read(domain + "/control/shutdown", domain + "/memory/target", domain + "/memory/static-max", domain + "/console/type");
        boot.List(domain + "/device", domain + "/device/vbd", domain + "/device/vif", domain + "/device/suspend", domain + "/cpu");
        boot.Read(domain + "/cpu/0/availability", domain + "/vm", domain + "/domid", domain + "/name", domain + "/store/port");
    }

    private void Connect(string kind, string device, string[] features, string[] rings, string[] answers)
    {
        var (front, back) = ($"{domain}/device/{kind}/{device}", Backend(kind, device));
        boot.As(BootPeer.Guest);
        boot.List(front);
        boot.Read(front + "/backend-id", front + "/backend", front + "/state");
        boot.Watch(back + "/state", "be");
        boot.Read(back + "/state");
        foreach (var feature in features) boot.Read($"{back}/{feature}");
        boot.Begin();
        foreach (var ring in rings) Write(front, ring);
        boot.Commit();
        boot.Write(front + "/state", "3");
        boot.As(BootPeer.Backends);
        boot.Read(front + "/state");
        foreach (var ring in rings) boot.Read($"{front}/{ring.Split(' ')[0]}");
        foreach (var answer in answers) Write(back, answer);
        boot.Write(back + "/state", "4");
        boot.List(back + "/state");
        boot.As(BootPeer.Guest);
        boot.Read(back + "/state");
        boot.Write(front + "/state", "4");
        boot.As(BootPeer.Backends);
        boot.Read(front + "/state");
    }

    private void Destroy()
    {
        end.As(BootPeer.Backends);
        foreach (var device in (string[])["vbd/768", "vif/0"]) end.Unwatch($"{domain}/device/{device}/state", "fe");
        foreach (var kind in (string[])["vbd", "vif", "console"]) end.Rm(Path($"/local/domain/0/backend/{kind}/{domid}"));
        end.As(BootPeer.Tools);
        foreach (var top in (string[])[domain, vm, libxl]) end.Rm(top);
    }
}
