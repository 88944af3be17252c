namespace XenActors.Toolstack.Xl;

/// <summary>The keys by type, as <c>name</c> or <c>name=default</c>.</summary>
internal static class XlKeyTable
{
    public const string Strings = """
        name uuid=random type=pv builder=generic pool=Pool-0 seclabel init_seclabel
        on_poweroff=destroy on_reboot=restart on_watchdog=destroy on_crash=destroy on_soft_reset=soft-reset
        kernel ramdisk cmdline root extra device_tree bootloader firmware firmware_override bios_path_override
        smbios_firmware acpi_firmware boot=cda vnclisten=127.0.0.1 vncpasswd display xauthority keymap=en-us
        soundhw spicehost spicepasswd spice_image_compression spice_streaming_video
        device_model device_model_version=qemu-xen device_model_override device_model_stubdomain_seclabel
        device_model_user stubdomain_kernel stubdomain_ramdisk stubdomain_cmdline
        bios=seabios hdtype=ide vga=cirrus ms_vm_genid=none vendor_device=none vuart passthrough=disabled rdm
        gic_version tee pvshim_path pvshim_cmdline pvshim_extra xen_irq_channel sve_vl llc_colors
        """;

    public const string Numbers = """
        vcpus=1 maxvcpus=vcpus cpu_weight=256 cap=0 period slice latency extratime budget
        rtc_timeoffset=0 max_grant_frames max_maptrack_frames max_grant_version=-1 max_event_channels=1023
        vncdisplay vncviewer spiceport spicetls_port spiceusbredirection usbversion
        pci_msitranslate=0 pci_power_mgmt=0 pci_permissive=0 pci_seize=0
        vmtrace_buf_kb nr_spis xenstore_feature_mask
        """;

    public const string Bools = """
        acpi=1 apic=1 pae=1 nx=1 hpet=1 acpi_s3=1 acpi_s4=1 acpi_laptop_slate=0 vpt_align=1 hap=1 oos
        nestedhvm=0 xen_platform_pci=1 xen_platform_pci_bar_uc=1 hvm_pirq=0
        stdvga=0 vnc=1 vncunused=1 sdl=0 opengl=0 spice=0 spicedisable_ticketing=0 spiceagent_mouse=1
        spicevdagent=0 spice_clipboard_sharing=0 nographic=0 usb=0 vkb_device=1 localtime=0
        nomigrate=0 driver_domain=0 device_model_stubdomain_override=0 dm_restrict=0 e820_host=0 pvshim=0
        altp2mhvm=0 msr_relaxed=0 vpmu=0 xend_suspend_evtchn_compat=0 suppress_vmdesc
        """;

    public const string Memories = """
        memory=32 maxmem=memory shadow_memory videoram=8 mmio_hole rdm_mem_boundary stubdomain_memory
        """;

    public const string Lists = """
        disk vif vif2 vfb vkb vtpm p9 pvcalls vdispl vsnd virtio channel pci dtdev usbctrl usbdev
        ioports irqs iomem vnuma mca_caps xenstore_quota
        device_model_args device_model_args_pv device_model_args_hvm
        """;

    public const string StringsOrLists = """
        cpus cpus_soft serial usbdevice bootloader_args cpuid viridian=0
        """;

    public const string Choices = """
        tsc_mode=default timer_mode=no_delay_for_missed_ticks altp2m=disabled gfx_passthru=0
        """;
}
