namespace XenActors.Abi;

/// <summary>How event-channel upcalls reach an HVM guest: the top byte of HVM_PARAM_CALLBACK_IRQ. Source: <c>public/hvm/params.h</c>.</summary>
[XenConstants("HVM_PARAM_CALLBACK_TYPE_")]
public enum HvmCallbackType : byte
{
    Gsi = 0,
    PciIntx = 1,
    Vector = 2,
}
