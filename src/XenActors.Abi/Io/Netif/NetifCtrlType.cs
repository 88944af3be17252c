namespace XenActors.Abi;

/// <summary>What a control request asks for. Source: <c>public/io/netif.h</c>.</summary>
[XenConstants("XEN_NETIF_CTRL_TYPE_")]
public enum NetifCtrlType : ushort
{
    Invalid = 0,
    GetHashFlags = 1,
    SetHashFlags = 2,
    SetHashKey = 3,
    GetHashMappingSize = 4,
    SetHashMappingSize = 5,
    SetHashMapping = 6,
    SetHashAlgorithm = 7,
    GetGrefMappingSize = 8,
    AddGrefMapping = 9,
    DelGrefMapping = 10,
}
