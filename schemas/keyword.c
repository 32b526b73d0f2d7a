#include "schemas/keyword.h"

#define OBJECT .types = TYPE_OBJECT
#define ARRAY .types = TYPE_ARRAY
#define STRING .types = TYPE_STRING
#define NUMBER .types = TYPE_NUMBER
#define ANY .types = TYPE_ANY
#define NO_VALUE .types = 0
#define IN_PLACE .types = TYPE_ANY, .in_place = true

/* name, how it is compiled, how it is checked, and of which values it speaks. */
const struct keyword keywords[KEYWORD_COUNT] = {
    [KEYWORD_TYPE] = {"type", type_compile, type_check, ANY},
    [KEYWORD_CONST] = {"const", compile_any, const_check, ANY},
    [KEYWORD_ENUM] = {"enum", enum_compile, enum_check, ANY},
    [KEYWORD_MINIMUM] = {"minimum", compile_number, minimum_check, NUMBER},
    [KEYWORD_MAXIMUM] = {"maximum", compile_number, maximum_check, NUMBER},
    [KEYWORD_EXCLUSIVE_MINIMUM] = {"exclusiveMinimum", compile_number, exclusive_minimum_check,
                                   NUMBER},
    [KEYWORD_EXCLUSIVE_MAXIMUM] = {"exclusiveMaximum", compile_number, exclusive_maximum_check,
                                   NUMBER},
    [KEYWORD_MULTIPLE_OF] = {"multipleOf", multiple_of_compile, multiple_of_check, NUMBER},
    [KEYWORD_MIN_LENGTH] = {"minLength", compile_count, min_length_check, STRING},
    [KEYWORD_MAX_LENGTH] = {"maxLength", compile_count, max_length_check, STRING},
    [KEYWORD_FORMAT] = {"format", format_compile, format_check, STRING},
    [KEYWORD_PATTERN] = {"pattern", pattern_keyword_compile, pattern_check, STRING},
    [KEYWORD_MIN_ITEMS] = {"minItems", compile_count, min_items_check, ARRAY},
    [KEYWORD_MAX_ITEMS] = {"maxItems", compile_count, max_items_check, ARRAY},
    [KEYWORD_PREFIX_ITEMS] = {"prefixItems", compile_list, prefix_items_check, ARRAY},
    [KEYWORD_ITEMS] = {"items", items_compile, items_check, ARRAY},
    [KEYWORD_CONTAINS] = {"contains", contains_compile, contains_check, ARRAY},
    [KEYWORD_MIN_CONTAINS] = {"minContains", compile_count, NULL, NO_VALUE},
    [KEYWORD_MAX_CONTAINS] = {"maxContains", compile_count, NULL, NO_VALUE},
    [KEYWORD_UNIQUE_ITEMS] = {"uniqueItems", compile_boolean, unique_items_check, ARRAY},
    [KEYWORD_MIN_PROPERTIES] = {"minProperties", compile_count, min_properties_check, OBJECT},
    [KEYWORD_MAX_PROPERTIES] = {"maxProperties", compile_count, max_properties_check, OBJECT},
    [KEYWORD_REQUIRED] = {"required", compile_names, required_check, OBJECT},
    [KEYWORD_DEPENDENT_REQUIRED] = {"dependentRequired", dependent_required_compile,
                                    dependent_required_check, OBJECT},
    [KEYWORD_PROPERTY_NAMES] = {"propertyNames", compile_one, property_names_check, OBJECT},
    [KEYWORD_PROPERTIES] = {"properties", properties_compile, properties_check, OBJECT},
    [KEYWORD_ADDITIONAL_PROPERTIES] = {"additionalProperties", additional_properties_compile,
                                       additional_properties_check, OBJECT},
    [KEYWORD_REF] = {"$ref", ref_compile, all_of_check, IN_PLACE},
    [KEYWORD_ALL_OF] = {"allOf", compile_list, all_of_check, IN_PLACE},
    [KEYWORD_ANY_OF] = {"anyOf", any_of_compile, any_of_check, IN_PLACE},
    [KEYWORD_ONE_OF] = {"oneOf", compile_list, one_of_check, IN_PLACE},
    [KEYWORD_NOT] = {"not", compile_one, not_check, IN_PLACE},
    [KEYWORD_IF] = {"if", if_compile, if_check, IN_PLACE},
    [KEYWORD_THEN] = {"then", then_compile, NULL, NO_VALUE},
    [KEYWORD_ELSE] = {"else", then_compile, NULL, NO_VALUE},
    [KEYWORD_DEFS] = {"$defs", defs_compile, NULL, NO_VALUE},
    [KEYWORD_SCHEMA] = {"$schema", draft_compile, NULL, NO_VALUE},
    [KEYWORD_COMMENT] = {"$comment", compile_text, NULL, NO_VALUE},
    [KEYWORD_TITLE] = {"title", compile_text, NULL, NO_VALUE},
    [KEYWORD_DESCRIPTION] = {"description", compile_text, NULL, NO_VALUE},
    [KEYWORD_EXAMPLES] = {"examples", compile_any, NULL, NO_VALUE},
    [KEYWORD_DEFAULT] = {"default", compile_any, NULL, NO_VALUE},
    [KEYWORD_READ_ONLY] = {"readOnly", compile_boolean, NULL, NO_VALUE},
    [KEYWORD_WRITE_ONLY] = {"writeOnly", compile_boolean, NULL, NO_VALUE},
    [KEYWORD_DEPRECATED] = {"deprecated", compile_boolean, NULL, NO_VALUE},
    [KEYWORD_NOTHING] = {"false", compile_any, NULL, NO_VALUE},
};
