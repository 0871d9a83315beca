package io.orderledger.local.definitions;

/** What names mean where an intrinsic function is resolved. Every method refuses what it does not know. */
interface Scope {

    /** The value of {@code Ref}: of a parameter, a pseudo parameter or a resource. */
    Node ref(String name, Location at);

    /** The value of {@code Fn::GetAtt}. */
    Node attribute(String logicalId, String attribute, Location at);

    boolean condition(String name, Location at);

    /** The value of {@code Fn::FindInMap}. */
    Node findInMap(String map, String topLevelKey, String secondLevelKey, Location at);

    /** The content of a file that {@code AWS::Include} names. */
    Node include(String file, Location at);
}
