using System.Globalization;
using XenActors.Hypervisor.Domains;
using XenActors.Simulation;

namespace XenActors.Toolstack.Libxl;

/// <summary>A domain's own nodes: libxl__domain_make's transaction, libxl__build_post's, and what stands around them.</summary>
internal static class DomainNodes
{
    // A wall clock's seconds at virtual time zero: xend and libxl write when a domain was built, and some time must be the first.
    private const long EpochSeconds = 1_700_000_000;

    private static readonly string[] GuestOwned = ["data", "drivers", "feature", "attr", "error"];

    public static StoreBatch Make(GuestPlan plan, IReadOnlyList<string> namesOfOthers)
    {
        var id = plan.Domain;
        var (dom, vm) = ($"/local/domain/{id}", $"/vm/{plan.Spec.Uuid}");
        var readable = $"n0 r{id}";
        var batch = new StoreBatch().Begin();
        batch.Rm(dom).Write(dom, "", readable).Rm(vm).Write(vm, "", readable);
        batch.Rm($"/libxl/{id}").Write($"/libxl/{id}", "", "n0").Write($"/libxl/{id}/device", "", "n0");
        batch.Write($"{dom}/vm", vm).DomainPath(id).Read($"{dom}/image/device-model-domid");
        foreach (var path in namesOfOthers)
        {
            batch.Read(path); // Two guests of one name that are made at once conflict here.
        }

        batch.Write($"{dom}/name", plan.Spec.Name).Write($"{vm}/name", plan.Spec.Name);
        batch.Write($"{dom}/cpu", "", readable).Write($"{dom}/memory", "", readable).Write($"{dom}/device", "", readable);
        batch.Write($"{dom}/device/suspend/event-channel", "", $"n{id}").Write($"{dom}/control", "", readable);
        if (plan.IsHvm)
        {
            batch.Write($"{dom}/hvmloader", "", readable);
        }

        foreach (var key in ControlKeys(plan))
        {
            batch.Write($"{dom}/control/{key}", "", $"n{id}");
        }

        foreach (var key in GuestOwned)
        {
            batch.Write($"{dom}/{key}", "", $"n{id}");
        }

        batch.Write($"{vm}/uuid", plan.Spec.Uuid).Write($"{vm}/name", plan.Spec.Name);
        batch.Write($"{dom}/control/platform-feature-multiprocessor-suspend", "1");
        batch.Write($"{dom}/control/platform-feature-xs_reset_watches", "1").Write($"/libxl/{id}/type", TypeName(plan)).End();
        return DeviceModelVersion(plan, batch);
    }

    public static StoreBatch Describe(GuestPlan plan, in DomainBuilt built, VirtualTime now)
    {
        var (dom, vm) = ($"/local/domain/{plan.Domain}", $"/vm/{plan.Spec.Uuid}");
        var batch = new StoreBatch().Read($"{dom}/vm").Begin();
        batch.Write($"{dom}/memory/static-max", $"{plan.MaxKb}").Write($"{dom}/memory/target", $"{plan.TargetKb}");
        batch.Write($"{dom}/memory/videoram", $"{plan.VideoKb}").Write($"{dom}/domid", $"{plan.Domain}");
        batch.Write($"{dom}/store/port", $"{built.StorePort}").Write($"{dom}/store/ring-ref", $"{built.StoreGfn}");
        for (var cpu = 0; cpu < plan.Spec.Vcpus; cpu++)
        {
            batch.Write($"{dom}/cpu/{cpu}/availability", cpu < plan.VcpusOnline ? "online" : "offline");
        }

        if (plan.IsHvm)
        {
            Platform(plan, batch, dom);
            batch.Write($"{vm}/rtc/timeoffset", plan.RtcTimeoffset).Write($"{vm}/image/ostype", "hvm");
        }
        else
        {
            batch.Write($"{vm}/image/ostype", "linux").Write($"{vm}/image/kernel", plan.KernelPath);
        }

        batch.Write($"{vm}/start_time", StartTime(now)).End();
        batch.Add(StoreOpKind.Introduce, $"{plan.Domain}", $"{plan.Domain} {built.StoreGfn} {built.StorePort}");
        return DeviceModelVersion(plan, batch.DomainPath(plan.Domain));
    }

    /// <summary>Takes away what <see cref="Make"/> made.</summary>
    public static StoreBatch Unmake(GuestPlan plan) =>
        new StoreBatch().Rm($"/vm/{plan.Spec.Uuid}").Rm($"/local/domain/{plan.Domain}").Rm($"/libxl/{plan.Domain}");

    public static string StartTime(VirtualTime now)
    {
        var hundredths = (now.Nanoseconds / 10_000_000) + (EpochSeconds * 100);
        return string.Create(CultureInfo.InvariantCulture, $"{hundredths / 100}.{hundredths % 100:00}");
    }

    private static string[] ControlKeys(GuestPlan plan) => plan.IsHvm
        ? ["shutdown", "feature-poweroff", "feature-reboot", "feature-suspend", "feature-s3", "feature-s4", "sysrq"]
        : ["shutdown", "feature-poweroff", "feature-reboot", "feature-suspend", "sysrq"];

    private static void Platform(GuestPlan plan, StoreBatch batch, string dom)
    {
        batch.Write($"{dom}/platform/acpi", Flag(plan.Acpi)).Write($"{dom}/platform/acpi_s3", Flag(plan.AcpiS3));
        batch.Write($"{dom}/platform/acpi_s4", Flag(plan.AcpiS4)).Write($"{dom}/platform/acpi_laptop_slate", "0");
        batch.Write($"{dom}/platform/device-model", plan.DeviceModel);
    }

    private static StoreBatch DeviceModelVersion(GuestPlan plan, StoreBatch batch) =>
        plan.IsHvm ? batch.Write($"/libxl/{plan.Domain}/dm-version", plan.DeviceModel) : batch;

    private static string TypeName(GuestPlan plan) => plan.Spec.Type switch
    {
        DomainType.Hvm => "hvm",
        DomainType.Pvh => "pvh",
        _ => "pv",
    };

    private static string Flag(bool value) => value ? "1" : "0";
}
